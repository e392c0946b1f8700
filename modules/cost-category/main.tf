locals {
  # Limits live in one data file, since AWS changes them; the caller may override a row.
  _facts = yamldecode(file("${path.module}/../aws-facts.yaml"))
  limits = merge({ for id, row in local._facts.limits : id => row.value }, var.limits)

  # 1. The conditions of each rule, by a key that sorts them: those that must hold before those that must not.
  _conditions = {
    for name, category in var.cost_categories : name => [
      for rule in category.rules : merge(flatten([
        for negated, named in { no = rule, yes = rule.unless } : [
          {
            for dimension, values in {
              LINKED_ACCOUNT = named.account_ids
              RECORD_TYPE    = named.charge_types
              SERVICE_CODE   = named.service_codes
              } : "${negated} DIMENSION ${dimension}" => {
              kind    = "DIMENSION"
              key     = dimension
              match   = "EQUALS"
              negated = negated == "yes"
              values  = sort(values)
            } if length(values) > 0
          },
          {
            for key, patterns in named.tags : "${negated} TAG ${key}" => {
              kind = "TAG"
              key  = key
              match = {
                "false false" = "EQUALS"
                "false true"  = "STARTS_WITH"
                "true false"  = "ENDS_WITH"
                "true true"   = "CONTAINS"
              }[length(patterns) == 0 ? "false false" : "${startswith(patterns[0], "*")} ${endswith(patterns[0], "*")}"]
              negated = negated == "yes"
              values  = sort([for pattern in patterns : trim(pattern, "*")])
            }
          },
        ]
      ])...)
    ]
  }

  # 2. Rules in order, per_value_of written out. AWS recommends a rule of its own for each alternative, and the first that
  #    matches decides, so the key itself stands before its deprecated spellings.
  _rules = {
    for name, category in var.cost_categories : name => flatten([
      for index, rule in category.rules : concat(
        [
          for key in try(rule.per_value_of.keys, []) : [
            for value in rule.per_value_of.values : {
              conditions = values(merge(local._conditions[name][index], {
                "no TAG ${key}" = { kind = "TAG", key = key, match = "EQUALS", negated = false, values = [value] }
              }))
              inherited_key = null
              inherits      = null
              value         = value
            }
          ]
        ],
        [
          for each in [rule] : {
            conditions    = values(local._conditions[name][index])
            inherited_key = each.inherit_tag
            inherits      = each.inherit_tag != null ? "TAG" : each.inherit != null ? "LINKED_ACCOUNT_NAME" : null
            value         = each.value
          } if each.per_value_of == null
        ],
      )
    ])
  }

  # 3. What each can give: the default and what rules name, and any value where a rule inherits it.
  _given = {
    for name, category in var.cost_categories : name =>
    sort(distinct(concat([category.default], [for rule in local._rules[name] : rule.value if rule.value != null])))
  }
  _values = {
    for name, category in var.cost_categories : name =>
    anytrue([for rule in category.rules : rule.inherit != null || rule.inherit_tag != null]) ? null : local._given[name]
  }

  # 4. Documents by name.
  _documents = {
    for name, category in var.cost_categories : name => {
      default       = category.default
      rules         = local._rules[name]
      split_charges = local._split_charges[name]
    }
  }
}

resource "aws_ce_cost_category" "this" {
  for_each = local._documents

  default_value = each.value.default
  name          = each.key
  rule_version  = "CostCategoryExpression.v1"
  tags          = var.resource_tags

  # AWS fills type and match options in, so that a rule without them would be a change in every plan.
  dynamic "rule" {
    for_each = each.value.rules

    content {
      type  = rule.value.inherits == null ? "REGULAR" : "INHERITED_VALUE"
      value = rule.value.value

      dynamic "inherited_value" {
        for_each = rule.value.inherits[*]

        content {
          dimension_key  = rule.value.inherited_key
          dimension_name = inherited_value.value
        }
      }

      dynamic "rule" {
        for_each = length(rule.value.conditions) == 0 ? [] : [rule.value.conditions]
        iterator = expression

        content {
          dynamic "dimension" {
            for_each = [for each in expression.value : each if length(expression.value) == 1 && each.kind == "DIMENSION" && !each.negated]

            content {
              key           = dimension.value.key
              match_options = [dimension.value.match]
              values        = dimension.value.values
            }
          }

          dynamic "tags" {
            for_each = [for each in expression.value : each if length(expression.value) == 1 && each.kind == "TAG" && !each.negated]

            content {
              key           = tags.value.key
              match_options = [tags.value.match]
              values        = tags.value.values
            }
          }

          dynamic "not" {
            for_each = [for each in expression.value : each if length(expression.value) == 1 && each.negated]

            content {
              dynamic "dimension" {
                for_each = [for each in [not.value] : each if each.kind == "DIMENSION"]

                content {
                  key           = dimension.value.key
                  match_options = [dimension.value.match]
                  values        = dimension.value.values
                }
              }

              dynamic "tags" {
                for_each = [for each in [not.value] : each if each.kind == "TAG"]

                content {
                  key           = tags.value.key
                  match_options = [tags.value.match]
                  values        = tags.value.values
                }
              }
            }
          }

          dynamic "and" {
            for_each = length(expression.value) > 1 ? expression.value : []

            content {
              dynamic "dimension" {
                for_each = [for each in [and.value] : each if each.kind == "DIMENSION" && !each.negated]

                content {
                  key           = dimension.value.key
                  match_options = [dimension.value.match]
                  values        = dimension.value.values
                }
              }

              dynamic "tags" {
                for_each = [for each in [and.value] : each if each.kind == "TAG" && !each.negated]

                content {
                  key           = tags.value.key
                  match_options = [tags.value.match]
                  values        = tags.value.values
                }
              }

              dynamic "not" {
                for_each = [for each in [and.value] : each if each.negated]

                content {
                  dynamic "dimension" {
                    for_each = [for each in [not.value] : each if each.kind == "DIMENSION"]

                    content {
                      key           = dimension.value.key
                      match_options = [dimension.value.match]
                      values        = dimension.value.values
                    }
                  }

                  dynamic "tags" {
                    for_each = [for each in [not.value] : each if each.kind == "TAG"]

                    content {
                      key           = tags.value.key
                      match_options = [tags.value.match]
                      values        = tags.value.values
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  dynamic "split_charge_rule" {
    for_each = each.value.split_charges

    content {
      method  = split_charge_rule.value.method
      source  = split_charge_rule.value.source
      targets = split_charge_rule.value.targets

      dynamic "parameter" {
        for_each = length(split_charge_rule.value.percents) == 0 ? [] : [split_charge_rule.value.percents]

        content {
          type   = "ALLOCATION_PERCENTAGES"
          values = [for percent in parameter.value : tostring(percent)]
        }
      }
    }
  }
}
