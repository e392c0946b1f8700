locals {
  # Limits and resource types live in one data file, since AWS changes them; the caller may override a limit.
  _facts = yamldecode(file("${path.module}/../aws-facts.yaml"))
  limits = merge({ for id, row in local._facts.limits : id => row.value }, var.limits)
  _seen  = local._facts.required_tags_resource_types.types

  # 1. Keys with the same resource types share rules. The group's label is empty for the default types, else a digest,
  #    so that a group that comes or goes renames no other.
  _default_types = sort(distinct(var.default_resource_types))
  _types = {
    for key, tag in var.tags : key =>
    tag.resource_types == null ? local._default_types : sort(distinct(tag.resource_types))
  }
  _labels = {
    for key, types in local._types : key =>
    jsonencode(types) == jsonencode(local._default_types) ? "" : "-${substr(sha1(jsonencode(types)), 0, 6)}"
  }
  _groups = {
    for label in distinct(values(local._labels)) : label => {
      keys   = sort([for key, own in local._labels : key if own == label])
      types  = [for key, own in local._labels : local._types[key] if own == label][0]
      seen   = [for type in [for key, own in local._labels : local._types[key] if own == label][0] : type if contains(local._seen, type)]
      unseen = [for type in [for key, own in local._labels : local._types[key] if own == label][0] : type if !contains(local._seen, type)]
    }
  }

  # 2. Documents of all rules; how the two kinds come about is in managed-rule.tf and guard-rule.tf.
  _documents = merge(
    {
      for name, rule in local._managed_rules : name => {
        kind           = "managed"
        parameters     = rule.parameters
        resource_types = rule.resource_types
      }
    },
    {
      for name, rule in local._guard_rules : name => {
        kind           = "guard"
        policy         = rule.policy
        resource_types = rule.resource_types
      }
    },
  )

  # 3. What AWS would refuse, for the preconditions of the documents output.
  _name_limit = (
    var.organization == null ? local.limits.config_rule_name_characters : local.limits.config_organization_rule_name_characters
  )
  _long_names = [for name in keys(local._documents) : "\"${name}\" (${length(name)})" if length(name) > local._name_limit]
  _wide_scopes = [
    for name, document in local._documents : "${name} (${length(document.resource_types)})"
    if length(document.resource_types) > local.limits.config_rule_resource_types
  ]
}
