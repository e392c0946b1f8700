resource "aws_iam_role" "this" {
  for_each = local._roles

  name                 = each.value.name
  description          = each.value.description
  assume_role_policy   = jsonencode(local._trust[each.key])
  max_session_duration = 3600
  tags                 = var.resource_tags
}

resource "aws_iam_policy" "this" {
  for_each = local._policies.account

  name        = local._names[each.key]
  description = "tagrail: what ${local._roles[local._owners[each.key]].name} may do, part ${each.key}"
  policy      = each.value
  tags        = var.resource_tags
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = merge([
    for key, labels in local._labels_of.account : { for label in labels : "${key}/${label}" => { role = key, policy = label } }
  ]...)

  role       = aws_iam_role.this[each.value.role].name
  policy_arn = aws_iam_policy.this[each.value.policy].arn
}

# What somebody else attaches goes with the next apply: a role that reads stays one.
resource "aws_iam_role_policy_attachments_exclusive" "this" {
  for_each = local._roles

  role_name   = aws_iam_role.this[each.key].name
  policy_arns = [for label in local._labels_of.account[each.key] : aws_iam_policy.this[label].arn]

  depends_on = [aws_iam_role_policy_attachment.this]
}

resource "aws_iam_role_policies_exclusive" "this" {
  for_each = local._roles

  role_name    = aws_iam_role.this[each.key].name
  policy_names = []
}
