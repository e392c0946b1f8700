locals {
  # Limits and actions live in data files, since AWS changes them; the caller may override a row, drop or add actions.
  _facts  = yamldecode(file("${path.module}/../aws-facts.yaml"))
  limits  = merge({ for id, row in local._facts.limits : id => row.value }, var.limits)
  _known  = yamldecode(file("${path.module}/actions.yaml"))
  _groups = [for name in sort(tolist(var.groups)) : local._known.groups[name] if contains(keys(local._known.groups), name)]

  _every_action = sort(flatten([
    for group in local._groups : concat(group.whole, flatten([for scope in group.narrow : scope.actions]))
  ]))

  # 1. What is guarded. No two groups have a service in common, so the first narrow lists of all share a statement, and so on.
  _whole = sort(tolist(setsubtract(
    concat(flatten([for group in local._groups : group.whole]), [for action, arns in var.further_actions : action if contains(arns, "*")]),
    var.without_actions,
  )))
  _shared_narrow = [
    for index in range(max(0, [for group in local._groups : length(group.narrow)]...)) : {
      actions = sort(tolist(setsubtract(distinct(flatten([
        for group in local._groups : group.narrow[index].actions if length(group.narrow) > index
      ])), var.without_actions)))
      resources = sort(distinct(flatten([
        for group in local._groups : group.narrow[index].resources
        if length(group.narrow) > index ? length(setsubtract(group.narrow[index].actions, var.without_actions)) > 0 : false
      ])))
    }
  ]
  _narrow = [
    for scope in concat(local._shared_narrow, [
      for action, arns in var.further_actions : { actions = [action], resources = sort(distinct(arns)) } if !contains(arns, "*")
    ]) : scope if length(scope.actions) > 0
  ]
  _creates = concat(
    length(local._whole) > 0 ? [{ suffix = "", actions = local._whole, resources = ["*"] }] : [],
    [for index, scope in local._narrow : { suffix = "N${index + 1}", actions = scope.actions, resources = scope.resources }],
  )
  _sets    = sort(distinct(flatten([for group in local._groups : group.set])))
  _removes = sort(distinct(flatten([for group in local._groups : group.remove])))

  # 2. Whom no statement binds, and who may change and remove mandatory tags besides.
  _exempt  = concat(local._known.exempt_principals, var.exempt_principals)
  _unbound = { ArnNotLike = { "aws:PrincipalArn" = local._exempt } }
  _editors = { ArnNotLike = { "aws:PrincipalArn" = concat(local._exempt, var.tag_editors) } }

  # 3. Letters and digits of a key, which is all that a Sid may hold, and a digest that tells like ones apart.
  _words = {
    for key in keys(var.tags) : key => join("", [
      substr(join("", [for word in regexall("[A-Za-z0-9]+", key) : "${upper(substr(word, 0, 1))}${substr(word, 1, -1)}"]), 0, 40),
      substr(sha1(key), 0, 4),
    ])
  }
  _mandatory = [for key in sort(keys(var.tags)) : key if var.tags[key].mandatory]
  # The IAM policy knows no target: its key cannot be that of one.
  _iam    = "iam:policy"
  _scopes = concat(keys(var.targets), var.iam_policy == null ? [] : [local._iam])
  _values = {
    for target in local._scopes : target => {
      for key, tag in var.tags : key => sort(distinct(lookup(tag.values_by_target, target, tag.values)))
    }
  }

  # 4. Conditions of the creates. StringNotLike matches an absent key too, so that a mandatory key has to be there;
  #    aws:RequestTag folds the case of keys, aws:TagKeys does not.
  #    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
  _value_conditions = {
    for target, values in local._values : target => {
      for key, tag in var.tags : key => merge(
        { StringNotLike = { "aws:RequestTag/${key}" = length(values[key]) > 0 ? values[key] : ["?*"] } },
        tag.mandatory ? {} : { Null = { "aws:RequestTag/${key}" = "false" } },
      ) if tag.mandatory || length(values[key]) > 0
    }
  }
  _value_statements = {
    for target, conditions in local._value_conditions : target => {
      for key, condition in conditions : key => [
        for create in local._creates : {
          Sid       = "Value${local._words[key]}${create.suffix}"
          Effect    = "Deny"
          Action    = create.actions
          Resource  = create.resources
          Condition = merge(condition, local._unbound)
        }
      ]
    }
  }
  _spelling_statements = flatten([
    for key in local._mandatory : [
      for create in local._creates : {
        Sid       = "Spelling${local._words[key]}${create.suffix}"
        Effect    = "Deny"
        Action    = create.actions
        Resource  = create.resources
        Condition = merge({ "ForAllValues:StringNotEquals" = { "aws:TagKeys" = [key] } }, local._unbound)
      } if var.exact_spelling
    ]
  ])

  # 5. Tags that are there: a value may not become another, and no mandatory key may go, alone or with all others.
  _change_statements = [
    for key in local._mandatory : {
      Sid      = "Change${local._words[key]}"
      Effect   = "Deny"
      Action   = local._sets
      Resource = ["*"]
      Condition = merge({
        Null            = { "aws:RequestTag/${key}" = "false", "aws:ResourceTag/${key}" = "false" }
        StringNotEquals = { "aws:RequestTag/${key}" = "$${aws:ResourceTag/${key}}" }
      }, local._editors)
    } if length(local._sets) > 0
  ]
  _remove_statements = [
    for sid, condition in {
      Remove    = jsonencode({ "ForAnyValue:StringEquals" = { "aws:TagKeys" = local._mandatory } })
      RemoveAll = jsonencode({ Null = { "aws:TagKeys" = "true" } })
      } : {
      Sid       = sid
      Effect    = "Deny"
      Action    = local._removes
      Resource  = ["*"]
      Condition = merge(jsondecode(condition), local._editors)
    } if length(local._removes) * length(local._mandatory) > 0
  ]

  # 6. Statements by target, as JSON since their forms differ. One below an enforced target says only what is stricter
  #    there: a policy below adds denials and takes none away.
  _parents = { for target in local._scopes : target => try(var.targets[target].parent, null) }
  _statements = {
    for target, parent in local._parents : target => merge(
      {
        for statement in flatten([
          for key, statements in local._value_statements[target] : [for statement in statements : jsonencode(statement)]
          if parent == null ? true : local._values[target][key] != try(local._values[parent][key], null)
        ]) : jsondecode(statement).Sid => statement
      },
      {
        for statement in concat(
          [for statement in local._spelling_statements : jsonencode(statement)],
          [for statement in local._change_statements : jsonencode(statement)],
          [for statement in local._remove_statements : jsonencode(statement)],
        ) : jsondecode(statement).Sid => statement if parent == null
      },
    )
  }

  # 7. Parts that fit, as modules/tag-policy makes them: a statement above half the room has a part of its own.
  #    The room is the limit less the wrapper {"Statement":[],"Version":"2012-10-17"}; its last comma is not written. A
  #    permissions boundary allows everything too, since it is the most that a role can have.
  _wrapper  = 38
  _allow    = { Effect = "Allow", Action = "*", Resource = "*" }
  _boundary = try(var.iam_policy.boundary, false) ? [local._allow] : []
  _rooms = {
    for target in local._scopes : target => target != local._iam ? local.limits.control_policy_document_characters - local._wrapper : (
      local.limits.iam_policy_document_characters - local._wrapper - sum(concat([0], [for allow in local._boundary : length(jsonencode(allow)) + 1]))
    )
  }
  _sizes = {
    for target, statements in local._statements : target => {
      for sid, statement in statements : sid => length(split("", statement)) + 1
    }
  }
  _shared = {
    for target, sizes in local._sizes : target => [for sid in sort(keys(sizes)) : sid if 2 * sizes[sid] <= local._rooms[target]]
  }
  _shared_sizes = { for target, sids in local._shared : target => [for sid in sids : local._sizes[target][sid]] }
  _widths       = { for target, sizes in local._shared_sizes : target => local._rooms[target] - max(0, sizes...) }
  _parts = {
    for target, sids in local._shared : target => merge(
      {
        for index, sid in sids :
        sum(local._shared_sizes[target]) <= local._rooms[target] ? "1" : tostring(
          floor(sum(concat([0], slice(local._shared_sizes[target], 0, index))) / local._widths[target]) + 1
        ) => sid...
      },
      {
        for sid, size in local._sizes[target] : "own-${substr(sha1(sid), 0, 8)}" => [sid] if 2 * size > local._rooms[target]
      }
    )
  }

  # 8. Policies by a key that survives a change of var.name.
  _policies = merge([
    for target, parts in local._parts : {
      for label, sids in parts : "${target}/${label}" => {
        name        = "${var.name}-guardrail-${target}-${label}"
        description = "tagrail: guardrail for ${target}, part ${label}"
        target      = target
        content = jsonencode({
          Version   = "2012-10-17"
          Statement = [for sid in sids : jsondecode(local._statements[target][sid])]
        })
      } if target != local._iam
    }
  ]...)

  # 9. What AWS would refuse, for the preconditions of the documents output. One more policy than ours is always attached.
  _oversized = flatten([
    for target, sizes in local._sizes : [
      for sid, size in sizes : "${sid} at ${target} (${size + local._wrapper} characters)" if size > local._rooms[target]
    ]
  ])
  _overfull = [
    for target, parts in local._parts : "${target} (${length(parts)})"
    if target != local._iam && length(parts) > local.limits.control_policies_per_target - 1
  ]
  _long_names = [
    for policy in values(local._policies) : "\"${policy.name}\" (${length(policy.name)})"
    if length(policy.name) > local.limits.policy_name_characters
  ]
}

resource "aws_organizations_policy" "this" {
  for_each = local._policies

  name        = each.value.name
  description = each.value.description
  type        = "SERVICE_CONTROL_POLICY"
  content     = each.value.content
  tags        = var.resource_tags
}

# In mode report the policies exist, so that everybody can read them, and bind nobody.
resource "aws_organizations_policy_attachment" "this" {
  for_each = { for key, policy in local._policies : key => policy if var.targets[policy.target].mode == "enforce" }

  policy_id = aws_organizations_policy.this[each.key].id
  target_id = var.targets[each.value.target].id
}
