# Parts that fit, as the other modules make them: an entry above half the room has a part of its own, the rest share parts
# in alphabetical order, all of them in one while they fit.
locals {
  _shared       = { for key, sizes in local._entries : key => [for entry in sort(keys(sizes)) : entry if 2 * sizes[entry] <= local._room_of[key]] }
  _shared_sizes = { for key, entries in local._shared : key => [for entry in entries : local._entries[key][entry]] }
  _widths       = { for key, sizes in local._shared_sizes : key => local._room_of[key] - max(0, sizes...) }
  _parts = {
    for key, entries in local._shared : key => merge(
      {
        for index, entry in entries :
        sum(local._shared_sizes[key]) <= local._room_of[key] ? "1" : tostring(
          floor(sum(concat([0], slice(local._shared_sizes[key], 0, index))) / local._widths[key]) + 1
        ) => entry...
      },
      { for entry, size in local._entries[key] : "own-${substr(sha1(entry), 0, 8)}" => [entry] if 2 * size > local._room_of[key] },
    )
  }

  # Policies by scope and label, as JSON, since their forms differ. Both roles read; one alone writes.
  _policies = {
    for scope in keys(local._scopes) : scope => merge(
      {
        for label, sids in local._parts["${scope}/read"] : "read-${label}" => jsonencode({
          Version   = "2012-10-17"
          Statement = [for sid in sids : local._statements[scope][sid]]
        })
      },
      merge([
        for kind, form in local._forms : {
          for label, actions in lookup(local._parts, "${scope}/${kind}", {}) : "${kind}-${label}" => jsonencode({
            Version   = "2012-10-17"
            Statement = [merge(form, { Action = actions })]
          })
        }
      ]...),
      { for name in ["keys"] : name => local._keys_policy[scope] if contains(keys(local._keys_policy), scope) },
    )
  }
  _owners = merge([
    for scope, policies in local._policies : { for label in keys(policies) : label => startswith(label, "read-") ? "audit" : "repair" }
  ]...)
  _names = { for label, owner in local._owners : label => "${local._roles[owner].name}-${label}" }
  _labels_of = {
    for scope, policies in local._policies : scope => {
      for key in keys(local._roles) : key => [for label in sort(keys(policies)) : label if key == "repair" || local._owners[label] == "audit"]
    }
  }

  # What AWS would refuse, for the preconditions of the documents output.
  _oversized = distinct(flatten([
    for key, sizes in local._entries : [for entry, size in sizes : "${entry} (${size + local.limits.iam_policy_document_characters - local._room_of[key]})" if size > local._room_of[key]]
  ]))
  _long_policies = [for scope, policies in local._policies : "${local._names["keys"]} (${length(split("", policies["keys"]))})" if try(length(split("", policies["keys"])), 0) > local.limits.iam_policy_document_characters]
  _overfull = distinct(flatten([
    for scope, roles in local._labels_of : [for key, labels in roles : "${length(labels)} for ${local._roles[key].name}" if length(labels) > local.limits.iam_policies_per_role]
  ]))
  _long_trusts = [
    for key, trust in local._trust : "${length(jsonencode(trust))} for ${local._roles[key].name}" if length(jsonencode(trust)) > local.limits.iam_trust_policy_characters
  ]
}
