locals {
  # Limits live in one data file, since AWS changes them; the caller may override a row.
  _facts = yamldecode(file("${path.module}/../aws-facts.yaml"))
  limits = merge({ for id, row in local._facts.limits : id => row.value }, var.limits)

  # 1. Keys as billing writes them: tags of accounts have a prefix of their own.
  #    https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/custom-tags.html
  _wanted = setunion(var.tag_keys, [for key in var.account_tag_keys : "accountTag/${key}"])

  # 2. AWS refuses to activate a key that billing has never seen, which takes up to 24 hours. Such keys wait, and a later
  #    apply picks them up. A key that is no longer wanted is left as it is: only a name in deactivated_tag_keys switches off.
  _active   = setintersection(local._wanted, var.billed_tag_keys)
  _inactive = setintersection(var.deactivated_tag_keys, var.billed_tag_keys)
  _pending  = setsubtract(local._wanted, var.billed_tag_keys)
  # A key that is managed and no longer wanted stays as it is until the state forgets it, since removing it would
  # deactivate it.
  _statuses = merge(
    var.retained_tag_keys,
    { for key in local._active : key => "Active" },
    { for key in local._inactive : key => "Inactive" },
  )
}

resource "aws_ce_cost_allocation_tag" "this" {
  for_each = local._statuses

  tag_key = each.key
  status  = each.value

  lifecycle {
    # Destroying one sets it inactive, and what billing would have recorded from then on is lost for good.
    prevent_destroy = true
  }
}
