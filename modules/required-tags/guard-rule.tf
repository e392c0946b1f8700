# Guard rules judge what REQUIRED_TAGS cannot: resource types that it does not see (SageMaker first), empty values, values
# with a *, patterns, and value lists that are too long for its parameters.
# https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_cfn-guard.html
locals {
  # 1. Exactly one key: tags.'CostCenter' would find cost-center and costCenter too, since Guard tries other cases.
  _queries = { for key in keys(var.tags) : key => "tags[ keys == '${key}' ]" }

  # 2. The clauses about a value that is there. A value with a * becomes a regular expression over the whole value.
  _literals = {
    for key, tag in var.tags : key => [
      for value in tag.values : !strcontains(value, "*") ? "\"${value}\"" : format(
        "/^%s$/", replace(replace(replace(replace(value, ".", "\\."), "+", "\\+"), "/", "\\/"), "*", ".*")
      )
    ]
  }
  _clauses = {
    for key, tag in var.tags : key => concat(
      ["${local._queries[key]} != /^\\s*$/ <<${key} is empty>>"],
      length(tag.values) == 0 ? [] : ["${local._queries[key]} IN [${join(", ", local._literals[key])}] <<${key} has a value that is not allowed>>"],
      # Guard finds a pattern anywhere in a value; the dictionary means the whole value.
      tag.pattern == null ? [] : [format("%s == /^(%s)$/ <<%s does not match its pattern>>", local._queries[key], replace(coalesce(tag.pattern, " "), "/", "\\/"), key)],
    )
  }

  # 3. Two kinds of policy for a group: presence and value where nothing else looks, value alone beside REQUIRED_TAGS.
  _presence_blocks = {
    for key, clauses in local._clauses : key => join("\n", [
      for line in concat(["${local._queries[key]} !empty <<${key} is missing>>"], clauses) : "  ${line}"
    ])
  }
  _value_blocks = {
    for key, clauses in local._clauses : key => join("\n", concat(
      ["  when ${local._queries[key]} !empty {"], [for line in clauses : "    ${line}"], ["  }"]
    ))
    if !contains(keys(local._compared), key) || var.tags[key].pattern != null
  }
  _policies = merge(
    {
      for label, group in local._groups : "${var.name}-required-tags-guard${label}" => {
        rule           = "required_tags"
        resource_types = group.unseen
        blocks         = { for key in group.keys : key => local._presence_blocks[key] }
      } if length(group.unseen) > 0
    },
    {
      for label, group in local._groups : "${var.name}-tag-values-guard${label}" => {
        rule           = "tag_values"
        resource_types = group.seen
        blocks         = { for key, block in local._value_blocks : key => block if contains(group.keys, key) }
      } if length(group.seen) > 0
    },
  )

  # 4. Parts that fit, as for the parameters: bytes of a block with its line break.
  _policy_rooms = {
    for name, policy in local._policies : name => local.limits.config_rule_policy_characters - length("rule ${policy.rule} {\n\n}")
  }
  _block_sizes = {
    for name, policy in local._policies : name => {
      for key, block in policy.blocks : key => floor(length(replace(base64encode(block), "=", "")) * 3 / 4) + 1
    }
  }
  _shared_blocks = {
    for name, sizes in local._block_sizes : name => [
      for key in sort(keys(sizes)) : key if 2 * sizes[key] <= local._policy_rooms[name]
    ]
  }
  _shared_block_sizes = {
    for name, keys in local._shared_blocks : name => [for key in keys : local._block_sizes[name][key]]
  }
  _guard_parts = {
    for name, keys in local._shared_blocks : name => merge(
      {
        for index, key in keys :
        sum(local._shared_block_sizes[name]) <= local._policy_rooms[name] ? "1" : tostring(floor(
          sum(concat([0], slice(local._shared_block_sizes[name], 0, index))) / (local._policy_rooms[name] - max(local._shared_block_sizes[name]...))
        ) + 1) => key...
      },
      {
        for key, size in local._block_sizes[name] :
        "own-${substr(sha1(key), 0, 8)}" => [key] if 2 * size > local._policy_rooms[name]
      },
    )
  }

  # 5. Rules by name.
  _guard_rules = merge([
    for name, parts in local._guard_parts : {
      for part, keys in parts : "${name}-${part}" => {
        resource_types = local._policies[name].resource_types
        policy = join("\n", concat(
          ["rule ${local._policies[name].rule} {"], [for key in keys : local._policies[name].blocks[key]], ["}"]
        ))
      }
    }
  ]...)

  _oversized_blocks = distinct(flatten([
    for name, sizes in local._block_sizes : [
      for key, size in sizes : "\"${key}\" (${size} bytes)" if size > local._policy_rooms[name]
    ]
  ]))
}

resource "aws_config_config_rule" "guard" {
  for_each = { for name, rule in local._guard_rules : name => rule if var.organization == null }

  name        = each.key
  description = "tagrail: mandatory tags and their values"
  tags        = var.resource_tags

  scope {
    compliance_resource_types = each.value.resource_types
  }

  source {
    owner = "CUSTOM_POLICY"

    source_detail {
      message_type = "ConfigurationItemChangeNotification"
    }

    source_detail {
      message_type = "OversizedConfigurationItemChangeNotification"
    }

    custom_policy_details {
      policy_runtime = "guard-2.x.x"
      policy_text    = each.value.policy
    }
  }

  depends_on = [aws_config_configuration_recorder_status.this]
}

resource "aws_config_organization_custom_policy_rule" "guard" {
  for_each = { for name, rule in local._guard_rules : name => rule if var.organization != null }

  name                 = each.key
  description          = "tagrail: mandatory tags and their values"
  policy_runtime       = "guard-2.x.x"
  policy_text          = each.value.policy
  resource_types_scope = each.value.resource_types
  excluded_accounts    = var.organization.excluded_account_ids
  trigger_types        = ["ConfigurationItemChangeNotification", "OversizedConfigurationItemChangeNotification"]

  # Terraform waits for every account of the organization; its own default of 5 minutes taints the rule of a large one.
  timeouts {
    create = "60m"
    delete = "60m"
    update = "60m"
  }

  depends_on = [aws_config_configuration_recorder_status.this]
}
