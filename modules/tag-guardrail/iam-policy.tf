# The same statements for accounts without an organization, or for one role alone.
locals {
  _iam_policies = {
    for label, sids in lookup(local._parts, local._iam, {}) : label => {
      name = "${var.name}-guardrail-${label}"
      content = jsonencode({
        Version = "2012-10-17"
        Statement = concat(
          [for sid in sids : jsondecode(local._statements[local._iam][sid])],
          local._boundary,
        )
      })
    }
  }
}

resource "aws_iam_policy" "this" {
  for_each = local._iam_policies

  name        = each.value.name
  description = "tagrail: guardrail, part ${each.key}"
  path        = var.iam_policy.path
  policy      = each.value.content
  tags        = var.resource_tags
}
