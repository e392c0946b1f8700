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

  # 4. A key that takes more than half the room has a rule of its own, so that no other key moves its name. Of the rest
  #    six at a time, and of these parts that fit.
  _own_keys = [for key, size in local._parameter_sizes : key if 2 * size > local._parameter_room]
  _chunks = merge([
    for label, group in local._groups : {
      for index, keys in chunklist([for key in group.keys : key if !contains(local._own_keys, key)], local.limits.config_rule_keys) :
      "${label}-${index + 1}" => {
        label = label
        keys  = keys
        sizes = [for key in keys : local._parameter_sizes[key]]
      }
    } if length(group.seen) > 0
  ]...)
  _managed_parts = merge(
    merge([
      for id, chunk in local._chunks : {
        for part, keys in {
          for index, key in chunk.keys :
          sum(chunk.sizes) <= local._parameter_room ? "1" : tostring(
            floor(sum(concat([0], slice(chunk.sizes, 0, index))) / (local._parameter_room - max(chunk.sizes...))) + 1
          ) => key...
        } : part == "1" ? id : "${id}-${part}" => { label = chunk.label, keys = keys }
      }
    ]...),
    merge([
      for label, group in local._groups : {
        for key in group.keys : "${label}-own-${substr(sha1(key), 0, 8)}" => { label = label, keys = [key] }
        if contains(local._own_keys, key)
      } if length(group.seen) > 0
    ]...),
  )

  # 5. Rules by name.
  _managed_rules = {
    for id, part in local._managed_parts : "${var.name}-required-tags${id}" => {
      resource_types = local._groups[part.label].seen
      parameters = merge([
        for index, key in part.keys : merge(
          { "tag${index + 1}Key" = key },
          { for own, joined in local._compared : "tag${index + 1}Value" => joined if own == key },
        )
      ]...)
    }
  }

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
