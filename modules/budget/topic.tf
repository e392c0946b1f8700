# Without these two policies AWS Budgets drops alerts and tells nobody.
# https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
locals {
  # Written out of the inputs and not read from the resource, so that documents are known when planning.
  _own_topic_arn = "arn:${var.partition}:sns:${var.region}:${var.account_id}:${var.name}-budget-alerts"
  _topic_arn     = var.subscribers.topic_arn == null ? local._own_topic_arn : var.subscribers.topic_arn

  # 1 or 0. Not compared with null: checkov takes such a comparison for false, and then looks at nothing of what has count 0.
  _own_topics = 1 - length(var.subscribers.topic_arn[*])

  # Who publishes: https://docs.aws.amazon.com/cost-management/latest/userguide/ad-SNS.html is about the second.
  _senders = concat(
    [{ name = "Budgets", service = "budgets.amazonaws.com" }],
    [for sender in [{ name = "Anomalies", service = "costalerts.amazonaws.com" }] : sender if var.anomaly_alerts],
  )

  _topic_policy = {
    Version = "2012-10-17"
    Statement = [
      for sender in local._senders : {
        Sid       = "Allow${sender.name}ToPublish"
        Effect    = "Allow"
        Principal = { Service = sender.service }
        Action    = "SNS:Publish"
        Resource  = local._own_topic_arn
        Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
      }
    ]
  }
  _key_policy = {
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid       = "AllowAccountAdministration"
        Effect    = "Allow"
        Principal = { AWS = "arn:${var.partition}:iam::${var.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      }],
      [
        for sender in local._senders : {
          Sid       = "Allow${sender.name}ToEncrypt"
          Effect    = "Allow"
          Principal = { Service = sender.service }
          Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
          Resource  = "*"
          Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
        }
      ],
    )
  }
}

# Budgets cannot publish to a topic under the key that AWS manages for SNS: that key's policy does not name budgets.
resource "aws_kms_key" "this" {
  count = local._own_topics

  description             = "tagrail: encrypts budget alerts"
  enable_key_rotation     = true
  deletion_window_in_days = 7
  policy                  = jsonencode(local._key_policy)
  tags                    = var.resource_tags
}

resource "aws_kms_alias" "this" {
  count = local._own_topics

  name          = "alias/${var.name}-budget-alerts"
  target_key_id = aws_kms_key.this[0].key_id
}

resource "aws_sns_topic" "this" {
  count = local._own_topics

  name              = "${var.name}-budget-alerts"
  kms_master_key_id = aws_kms_key.this[0].arn
  tags              = var.resource_tags
}

resource "aws_sns_topic_policy" "this" {
  count = local._own_topics

  arn    = aws_sns_topic.this[0].arn
  policy = jsonencode(local._topic_policy)
}
