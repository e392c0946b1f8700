locals {
  # Limits and actions live in data files, since AWS changes them; the caller may override a limit.
  _facts = yamldecode(file("${path.module}/../aws-facts.yaml"))
  limits = merge({ for id, row in local._facts.limits : id => row.value }, var.limits)
  _known = yamldecode(file("${path.module}/actions.yaml"))

  # 1. The roles, and who may enter them: principals of one account, of this organization, who know the external id. An
  #    ARN as principal would be kept as the id of a role, which nobody has once the role is made again; a condition is not.
  #    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
  _roles = merge(
    { audit = { name = coalesce(var.role_name, "${var.name}-audit"), principals = var.principals, description = "tagrail: reads what an audit of tags needs" } },
    {
      for repair in var.repair[*] : "repair" => {
        name        = coalesce(repair.role_name, "${var.name}-repair")
        principals  = repair.principals
        description = "tagrail: reads as an audit does, and writes tags of the dictionary"
      }
    },
  )
  _equal = {
    for key, value in { "aws:PrincipalOrgID" = var.organization_id, "sts:ExternalId" = var.external_id } : key => value if value != null
  }
  _trust_conditions = {
    for key, role in local._roles : key => {
      for operator, condition in {
        ArnLike      = { for name in ["aws:PrincipalArn"] : name => sort(role.principals) if length(role.principals) > 0 }
        StringEquals = local._equal
      } : operator => condition if length(condition) > 0
    }
  }
  _trust = {
    for key, role in local._roles : key => {
      Version = "2012-10-17"
      Statement = [merge(
        {
          Sid       = "Enter"
          Effect    = "Allow"
          Principal = { AWS = "arn:${var.partition}:iam::${var.account_id}:root" }
          Action    = "sts:AssumeRole"
        },
        { for name in ["Condition"] : name => local._trust_conditions[key] if length(local._trust_conditions[key]) > 0 },
      )]
    }
  }

  # 2. What is read and written, in this account and in a member of the organization, by a scope of that name.
  _scopes = { account = var.management_account, member = false }
  _groups = {
    for scope, is_payer in local._scopes : scope => merge(local._known.read, { for sid, group in local._known.read_payer : sid => group if is_payer })
  }
  _statements = {
    for scope, groups in local._groups : scope => {
      for sid, group in groups : sid => { Sid = sid, Effect = "Allow", Action = sort(group.actions), Resource = "*" }
    }
  }
  _standard = { set = ["TagResource"], remove = ["UntagResource"] }
  _services = {
    for scope, is_payer in local._scopes : scope => {
      for service, names in merge(
        { for service in local._known.repair.standard : service => local._standard },
        local._known.repair.further,
        { for service in local._known.repair_payer.standard : service => local._standard if is_payer },
      ) : service => names if try(var.repair.services, null) == null ? true : contains(concat(tolist(var.repair.services), ["tag"]), service)
    } if var.repair != null
  }
  _every_service = sort(concat(local._known.repair.standard, keys(local._known.repair.further), local._known.repair_payer.standard))
  _tagging = merge([
    for scope, services in local._services : {
      for kind in ["set", "remove"] : "${scope}/${kind}" => sort(flatten([
        for service, names in services : [for name in names[kind] : "${service}:${name}"]
      ]))
    }
  ]...)

  # 3. Which keys. A set has to spell a key as the dictionary does, a removal may name old and wrong spellings too. Allowed
  #    are requests that say which keys alone: ec2:DeleteTags without any takes all tags away.
  #    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
  _set_keys    = sort(distinct(try(var.repair.keys, [])))
  _remove_keys = sort(distinct(concat(local._set_keys, try(tolist(var.repair.removable_keys), []))))
  _forms = {
    remove = {
      Sid       = "RemoveTags"
      Effect    = "Allow"
      Resource  = "*"
      Condition = { "ForAllValues:StringEqualsIgnoreCase" = { "aws:TagKeys" = local._remove_keys }, Null = { "aws:TagKeys" = "false" } }
    }
    set = {
      Sid       = "SetTags"
      Effect    = "Allow"
      Resource  = "*"
      Condition = { "ForAllValues:StringEquals" = { "aws:TagKeys" = local._set_keys }, Null = { "aws:TagKeys" = "false" } }
    }
  }
  _other_keys = {
    Sid       = "DenyOtherKeys"
    Effect    = "Deny"
    Action    = "*"
    Resource  = "*"
    Condition = { "ForAnyValue:StringNotEqualsIgnoreCase" = { "aws:TagKeys" = local._remove_keys } }
  }
  _keys_policy = {
    for scope in keys(local._services) : scope => jsonencode({
      Version = "2012-10-17"
      Statement = [
        local._other_keys,
        {
          Sid    = "TagWithoutKeys"
          Effect = "Allow"
          Action = [
            for action in sort(keys(local._known.unlimited)) : action
            if contains(concat(local._tagging["${scope}/set"], local._tagging["${scope}/remove"]), action)
          ]
          Resource = "*"
        },
      ]
    })
  }

  # 4. What is packed, by scope and kind, and its characters with a comma; the room is the limit less all that is around it.
  #    Of a policy that reads the entries are statements, else actions.
  _entries = merge(
    { for scope, statements in local._statements : "${scope}/read" => { for sid, statement in statements : sid => length(split("", jsonencode(statement))) + 1 } },
    {
      for key, actions in local._tagging : key => {
        for action in actions : action => length(split("", action)) + 3 if !contains(keys(local._known.unlimited), action)
      }
    },
  )
  _rooms = merge(
    { for kind, form in local._forms : kind => local.limits.iam_policy_document_characters + 1 - length(split("", jsonencode({ Version = "2012-10-17", Statement = [merge(form, { Action = [] })] }))) },
    { read = local.limits.iam_policy_document_characters + 1 - length(jsonencode({ Version = "2012-10-17", Statement = [] })) },
  )
  _room_of = { for key in keys(local._entries) : key => local._rooms[split("/", key)[1]] }
}
