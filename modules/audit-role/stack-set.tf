# The same roles for members of the organization, by CloudFormation, which makes them in accounts that are not there yet.
locals {
  _ids = { for label in keys(local._owners) : label => "Policy${replace(title(replace(label, "-", " ")), " ", "")}" }
  stack_set_template = {
    AWSTemplateFormatVersion = "2010-09-09"
    Description              = "tagrail: roles that audit and repair tags"
    Resources = merge(
      {
        for label, text in local._policies.member : local._ids[label] => {
          Type = "AWS::IAM::ManagedPolicy"
          Properties = {
            Description       = "tagrail: what ${local._roles[local._owners[label]].name} may do, part ${label}"
            ManagedPolicyName = local._names[label]
            PolicyDocument    = jsondecode(text)
            Roles             = [for key in sort(keys(local._roles)) : { Ref = "Role${title(key)}" } if contains(local._labels_of.member[key], label)]
          }
        }
      },
      {
        for key, role in local._roles : "Role${title(key)}" => {
          Type = "AWS::IAM::Role"
          Properties = {
            AssumeRolePolicyDocument = local._trust[key]
            Description              = role.description
            MaxSessionDuration       = 3600
            RoleName                 = role.name
            Tags                     = [for name in sort(keys(var.resource_tags)) : { Key = name, Value = var.resource_tags[name] }]
          }
        }
      },
    )
  }
  _template_text = jsonencode(local.stack_set_template)
  # One or none, by a key of its own.
  _stack_sets = {
    for stack_set in var.stack_set[*] : "members" => { name = "${var.name}-audit-role", organizational_unit_ids = sort(tolist(stack_set.organizational_unit_ids)), region = stack_set.region }
  }
}

resource "aws_cloudformation_stack_set" "this" {
  for_each = local._stack_sets

  name             = each.value.name
  description      = "tagrail: roles that audit and repair tags"
  capabilities     = ["CAPABILITY_NAMED_IAM"]
  permission_model = "SERVICE_MANAGED"
  tags             = var.resource_tags
  template_body    = local._template_text

  auto_deployment {
    enabled                          = true
    retain_stacks_on_account_removal = false
  }

  # An account that fails stops no other: the audit names each account that it cannot enter.
  operation_preferences {
    failure_tolerance_percentage = 100
    max_concurrent_percentage    = 100
  }

  # AWS fills it in where it manages permissions itself:
  # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudformation_stack_set
  lifecycle {
    ignore_changes = [administration_role_arn]
  }
}

# IAM is global, so that one region makes the roles of an account.
resource "aws_cloudformation_stack_instances" "this" {
  for_each = local._stack_sets

  stack_set_name = aws_cloudformation_stack_set.this[each.key].name
  regions        = [each.value.region]
  retain_stacks  = false

  deployment_targets {
    organizational_unit_ids = each.value.organizational_unit_ids
  }

  operation_preferences {
    failure_tolerance_percentage = 100
    max_concurrent_percentage    = 100
  }
}
