output "documents" {
  description = "Tag policies by name: the key of their target, and their content as an object."
  value = {
    for policy in values(local._policies) : policy.name => { target = policy.target, content = policy.content }
  }

  precondition {
    condition     = length(local._oversized) == 0
    error_message = "Each key must fit a tag policy of ${local.limits.tag_policy_document_characters} characters; got ${join(", ", local._oversized)}. Do shorten its values, or write common beginnings with one *, or list fewer enforced_for types."
  }

  precondition {
    condition     = length(local._overfull) == 0
    error_message = "Each target must have ${local.limits.tag_policies_per_target} tag policies at most; got ${join(", ", local._overfull)}. Do list fewer enforced_for types (a whole service is written service:ALL_SUPPORTED), or fewer values."
  }

  precondition {
    condition     = length(local._policies) <= local.limits.tag_policies_per_organization
    error_message = "The organization must have ${local.limits.tag_policies_per_organization} tag policies at most; got ${length(local._policies)} for ${length(var.targets)} targets. Do name fewer targets."
  }

  precondition {
    condition     = length(local._long_names) == 0
    error_message = "Each policy name must have ${local.limits.policy_name_characters} characters at most; got ${join(", ", local._long_names)}. Do shorten name or the target's name."
  }
}

output "policy_ids" {
  description = "Ids of the tag policies by name."
  value       = { for key, policy in local._policies : policy.name => aws_organizations_policy.this[key].id }
}
