output "documents" {
  description = "Roles of this account by name with trust and names of policies; its policies by name; the template for members; the StackSet, null without one."
  value = {
    policies = { for label, text in local._policies.account : local._names[label] => jsondecode(text) }
    roles = {
      for key, role in local._roles : role.name => {
        policies = [for label in local._labels_of.account[key] : local._names[label]]
        trust    = local._trust[key]
      }
    }
    stack_set = one(values(local._stack_sets))
    template  = local.stack_set_template
  }

  precondition {
    condition     = length(distinct([for role in values(local._roles) : lower(role.name)])) == length(local._roles)
    error_message = "The roles must have names of their own, whatever their case; got \"${local._roles.audit.name}\" for both. Do rename one."
  }

  precondition {
    condition     = length(local._oversized) == 0
    error_message = "Each policy must fit ${local.limits.iam_policy_document_characters} characters with an entry at least; got ${length(local._oversized) > 3 ? "${join(", ", slice(local._oversized, 0, 3))} and ${length(local._oversized) - 3} more" : join(", ", local._oversized)}. Do name fewer keys."
  }

  precondition {
    condition     = length(local._long_policies) == 0
    error_message = "Each policy must fit ${local.limits.iam_policy_document_characters} characters; got ${join(", ", distinct(local._long_policies))}. Do name fewer keys."
  }

  precondition {
    condition     = length(local._overfull) == 0
    error_message = "A role must have ${local.limits.iam_policies_per_role} policies at most; got ${join(", ", local._overfull)}. Do name fewer keys, or the services that repair is for."
  }

  precondition {
    condition     = length(local._long_trusts) == 0
    error_message = "A trust policy must have ${local.limits.iam_trust_policy_characters} characters at most; got ${join(", ", local._long_trusts)}. Do name fewer principals, or use *."
  }

  precondition {
    condition     = var.stack_set == null || length(local._template_text) <= local.limits.cloudformation_template_bytes
    error_message = "The template must have ${local.limits.cloudformation_template_bytes} bytes at most; got ${length(local._template_text)}. Do name fewer keys, or the services that repair is for."
  }
}

output "policy_arns" {
  description = "ARNs of the policies of this account, by name."
  value       = { for policy in values(aws_iam_policy.this) : policy.name => policy.arn }
}

output "role_arns" {
  description = "ARNs of the roles of this account, by what they are for: audit, repair."
  value       = { for key, role in aws_iam_role.this : key => role.arn }
}

output "stack_set_template" {
  description = "CloudFormation template that makes the same roles and policies in a member account, as JSON."
  value       = local._template_text
}
