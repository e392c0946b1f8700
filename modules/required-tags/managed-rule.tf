# REQUIRED_TAGS: takes six keys, 1,024 characters of parameters, whole values, and only the resource types that it sees.
# https://docs.aws.amazon.com/config/latest/developerguide/required-tags.html
locals {
  _parameter_room = local.limits.config_rule_parameters_characters - 1

  # 1. Bytes of a key with its values. The provider holds AWS's limits of characters against bytes, and a length that is
  #    read off base64 counts bytes: four characters of it are three.
  _joined = { for key, tag in var.tags : key => join(",", tag.values) }
  _compared_bytes = {
    for key, joined in local._joined : key =>
    floor(length(replace(base64encode(jsonencode({ tag1Key = key, tag1Value = joined })), "=", "")) * 3 / 4)
  }

  # 2. Values that the rule can compare: none may hold a *, and key and values have to fit. Otherwise it checks presence,
  #    and a Guard rule the values.
  _compared = {
    for key, joined in local._joined : key => joined
    if joined != "" && !strcontains(joined, "*") && local._compared_bytes[key] - 1 <= local._parameter_room
  }

  # 3. Bytes of what is written of a key, with its comma.
  _parameter_sizes = {
    for key in keys(var.tags) : key => (
      contains(keys(local._compared), key) ? local._compared_bytes[key] :
      floor(length(replace(base64encode(jsonencode({ tag1Key = key })), "=", "")) * 3 / 4)
    ) - 1
  }

  # 4. Parts that fit. A key that takes more than half the room has a part of its own, named by a digest of the key. The
  #    others share parts in alphabetical order: with the limit of keys each weighs a sixth of the room at least (all of it
  #    times six here), so that sums keep both limits. A new key may move others to the next part; it renames none.
  _key_limit = local.limits.config_rule_keys
  _shared_parameters = {
    for label, group in local._groups : label => [
      for key in group.keys : key if 2 * local._parameter_sizes[key] <= local._parameter_room
    ] if length(group.seen) > 0
  }
  _parameter_weights = {
    for label, keys in local._shared_parameters : label => [
      for key in keys : max(local._parameter_sizes[key] * local._key_limit, local._parameter_room)
    ]
  }
  _parameters_fit = {
    for label, keys in local._shared_parameters : label =>
    length(keys) <= local._key_limit && sum(concat([0], [for key in keys : local._parameter_sizes[key]])) <= local._parameter_room
  }
  _parameter_steps = {
    for label, weights in local._parameter_weights : label => local._parameter_room * local._key_limit - (
      max(0, weights...) == local._parameter_room ? 0 : max(0, weights...)
    )
  }
  _managed_parts = {
    for label, keys in local._shared_parameters : label => merge(
      {
        for index, key in keys : local._parameters_fit[label] ? "1" : tostring(
          floor(sum(concat([0], slice(local._parameter_weights[label], 0, index))) / local._parameter_steps[label]) + 1
        ) => key...
      },
      { for key in local._groups[label].keys : "own-${substr(sha1(key), 0, 8)}" => [key] if !contains(keys, key) },
    )
  }

  # 5. Rules by name.
  _managed_rules = merge([
    for label, parts in local._managed_parts : {
      for part, keys in parts : "${var.name}-required-tags${label}-${part}" => {
        resource_types = local._groups[label].seen
        parameters = merge([
          for index, key in keys : merge(
            { "tag${index + 1}Key" = key },
            { for own, joined in local._compared : "tag${index + 1}Value" => joined if own == key },
          )
        ]...)
      }
    }
  ]...)

  _oversized_keys = [
    for key, size in local._parameter_sizes : "\"${key}\" (${size + 1} bytes)" if size > local._parameter_room
  ]
}

resource "aws_config_config_rule" "required_tags" {
  for_each = { for name, rule in local._managed_rules : name => rule if var.organization == null }

  name             = each.key
  description      = "tagrail: mandatory tags"
  input_parameters = jsonencode(each.value.parameters)
  tags             = var.resource_tags

  scope {
    compliance_resource_types = each.value.resource_types
  }

  source {
    owner             = "AWS"
    source_identifier = "REQUIRED_TAGS"
  }

  depends_on = [aws_config_configuration_recorder_status.this]
}

resource "aws_config_organization_managed_rule" "required_tags" {
  for_each = { for name, rule in local._managed_rules : name => rule if var.organization != null }

  name                 = each.key
  description          = "tagrail: mandatory tags"
  rule_identifier      = "REQUIRED_TAGS"
  input_parameters     = jsonencode(each.value.parameters)
  resource_types_scope = each.value.resource_types
  excluded_accounts    = var.organization.excluded_account_ids

  # Terraform waits for every account of the organization; its own default of 5 minutes taints the rule of a large one.
  timeouts {
    create = "60m"
    delete = "60m"
    update = "60m"
  }

  depends_on = [aws_config_configuration_recorder_status.this]
}
