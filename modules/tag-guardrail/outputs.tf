output "documents" {
  description = "Service control policies by name: the key of their target, whether they are attached, and their content."
  value = {
    for policy in values(local._policies) : policy.name => {
      target   = policy.target
      attached = var.targets[policy.target].mode == "enforce"
      content  = jsondecode(policy.content)
    }
  }

  precondition {
    condition     = length(local._oversized) == 0
    error_message = "Each statement must fit a policy of ${local.limits.control_policy_document_characters} characters (${local.limits.iam_policy_document_characters} in IAM); got ${join(", ", local._oversized)}. Do guard fewer groups, or shorten exempt_principals."
  }

  precondition {
    condition     = length(local._overfull) == 0
    error_message = "Each target must need ${local.limits.control_policies_per_target - 1} policies at most, since AWS demands another one that allows; got ${join(", ", local._overfull)}. Do guard fewer groups or keys, or set exact_spelling to false."
  }

  precondition {
    condition     = length(local._policies) <= local.limits.control_policies_per_organization
    error_message = "The organization must have ${local.limits.control_policies_per_organization} service control policies at most; got ${length(local._policies)} for ${length(var.targets)} targets. Do name fewer targets."
  }

  precondition {
    condition     = length(local._long_names) == 0
    error_message = "Each policy name must have ${local.limits.policy_name_characters} characters at most; got ${join(", ", local._long_names)}. Do shorten name or the target's name."
  }
}

output "iam_documents" {
  description = "IAM policies by name, as objects; empty without iam_policy."
  value       = { for policy in values(local._iam_policies) : policy.name => jsondecode(policy.content) }

  precondition {
    condition     = try(var.iam_policy.boundary, false) == false || length(local._iam_policies) == 1
    error_message = "A permissions boundary must be one policy of ${local.limits.iam_policy_document_characters} characters; got ${length(local._iam_policies)}. Do guard fewer groups or keys, or set boundary to false."
  }
}

output "iam_policy_arns" {
  description = "ARNs of the IAM policies by name."
  value       = { for label, policy in local._iam_policies : policy.name => aws_iam_policy.this[label].arn }
}

output "policy_ids" {
  description = "Ids of the service control policies by name."
  value       = { for key, policy in local._policies : policy.name => aws_organizations_policy.this[key].id }
}
