# Keys and values that are written out.
resource "aws_sns_topic" "right" {
  tags = { "any:app" = "fraud-model", "any:env" = "pre-7", "any:owner" = "platform", other = "x" }
}

resource "aws_sns_topic" "untagged" {}

resource "aws_sns_topic" "wrong_value" {
  tags = merge(local.all, { "any:env" = "Dev" })
}

resource "aws_sns_topic" "empty_value" {
  tags = merge(local.all, { "any:owner" = " " })
}

resource "aws_sns_topic" "wrong_case" {
  tags = merge(local.all, { "Any:Env" = "dev" })
}

resource "aws_sns_topic" "deprecated" {
  tags = {
    app         = "fraud-model"
    "any:env"   = "prod"
    "any:owner" = "platform"
  }
}

resource "aws_sns_topic" "no_match" {
  tags = merge(local.all, { "any:app" = "Fraud Model" })
}

resource "aws_sns_topic" "personal" {
  tags = merge(local.all, { "any:owner" = "jane.doe@example.com" })
}

resource "aws_sns_topic" "prohibited" {
  tags = merge(local.all, { "db-Password" = "x" })
}

resource "aws_sns_topic" "wrong_value_of_deprecated" {
  tags = { app = "Fraud Model", "any:env" = "prod", "any:owner" = "platform" }
}

resource "aws_sns_topic" "null_value" {
  tags = merge(local.all, { "any:owner" = null })
}

# Only some units allow it.
resource "aws_sns_topic" "elsewhere" {
  tags = merge(local.all, { "any:env" = "experiment" })
}

# Values through variables.
resource "aws_sns_topic" "given" {
  tags = merge(local.all, { "any:owner" = var.given })
}

resource "aws_sns_topic" "defaulted" {
  tags = merge(var.defaulted, { "any:app" = "fraud-${var.given}" }, { "any:owner" = var.given })
}

resource "aws_sns_topic" "later_value" {
  tags = merge(local.all, { "any:owner" = var.later })
}

resource "aws_sns_topic" "later_and_wrong" {
  tags = merge(local.all, { "any:owner" = var.later, "any:env" = "staging" })
}

resource "aws_sns_topic" "later_tags" {
  tags = var.later_tags
}

resource "aws_sns_topic" "later_below" {
  tags = merge(var.later_tags, local.all)
}

resource "aws_sns_topic" "later_above" {
  tags = merge(local.all, var.later_tags)
}

resource "aws_sns_topic" "condition" {
  tags = merge(local.all, { "any:env" = var.later == "x" ? "dev" : "staging" })
}

resource "aws_sns_topic" "key_later" {
  tags = { "any:app" = "fraud-model", (var.later) = "dev" }
}

resource "aws_sns_topic" "each" {
  for_each = toset(["dev"])
  tags     = merge(local.all, { "any:env" = each.value })
}

resource "aws_sns_topic" "counted" {
  count = var.later == "x" ? 1 : 0
}

resource "aws_sns_topic" "no_instance" {
  count = 0
}

# Default tags.
resource "aws_sns_topic" "defaults_only" {
  provider = aws.defaults
}

resource "aws_sns_topic" "with_defaults" {
  provider = aws.defaults
  tags     = { "any:app" = "fraud-model" }
}

resource "aws_sns_topic" "over_defaults" {
  provider = aws.defaults
  tags     = { "any:app" = "fraud-model", "any:env" = "staging" }
}

resource "aws_sns_topic" "defaults_later" {
  provider = aws.later
  tags     = { "any:app" = "fraud-model" }
}

# Blocks, which default_tags do not reach.
resource "aws_autoscaling_group" "blocks" {
  provider = aws.defaults

  tag {
    key                 = "any:app"
    value               = "fraud-model"
    propagate_at_launch = true
  }
}

resource "aws_autoscaling_group" "all_blocks" {
  tag {
    key                 = "any:app"
    value               = "fraud-model"
    propagate_at_launch = true
  }
  tag {
    key                 = "any:env"
    value               = "prod"
    propagate_at_launch = true
  }
  tag {
    key                 = "any:owner"
    value               = var.later
    propagate_at_launch = true
  }
}

resource "aws_autoscaling_group" "generated" {
  dynamic "tag" {
    for_each = local.all
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }
}

# No tags, or none of that kind.
resource "aws_sns_topic_policy" "untaggable" {
  arn    = "arn:aws:sns:eu-central-1:111122223333:x"
  policy = "{}"
}

resource "aws_inspector_resource_group" "chooses" {
  tags = { Name = "x" }
}

module "queue" {
  source    = "./queue"
  providers = { aws = aws.defaults }
  tags      = { "any:app" = "fraud-model" }
}

module "queue_inherited" {
  source = "./queue"
  tags   = { "any:app" = "fraud-model" }
}

module "queue_later" {
  source = "./queue"
  tags   = var.later_tags
}

resource "aws_sns_topic" "deprecated_in_other_case" {
  tags = { APP = "fraud-model", "any:env" = "prod", "any:owner" = "platform" }
}
