terraform {
  required_version = ">= 1.10"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

variable "name" {
  type        = string
  description = "Name of the service."
}

variable "release" {
  type        = string
  description = "Version that its tags show."
}

variable "subnet_id" {
  type        = string
  description = "Subnet of its instance."
}

variable "vpc_id" {
  type        = string
  description = "Network of its instance."
}

variable "zone_id" {
  type        = string
  description = "DNS zone of its name."
}

locals {
  tags = {
    "anycompany:workload:application-id" = "checkout-basket"
    "anycompany:workload:environment"    = "prod"
    "anycompany:workload:version"        = var.release
  }
  # Parts that default_tags do not reach.
  all_tags = merge(local.tags, {
    "anycompany:finance:business-unit"        = "Retail"
    "anycompany:finance:cost-center"          = "Retail-3300"
    "anycompany:finance:owner"                = "team-checkout"
    "anycompany:security:data-classification" = "internal"
  })
}

data "aws_iam_policy_document" "access" {
  statement {
    sid       = "Queue"
    actions   = ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    resources = ["arn:aws:sqs:eu-central-1:123456789012:${var.name}-*"]
  }
  statement {
    sid       = "Bucket"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "s3:AbortMultipartUpload"]
    resources = ["arn:aws:s3:::${var.name}-data", "arn:aws:s3:::${var.name}-data/*"]
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = ["o-exampleorgid"]
    }
  }
  statement {
    sid       = "Table"
    actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"]
    resources = ["arn:aws:dynamodb:eu-central-1:123456789012:table/${var.name}"]
  }
}

data "aws_iam_policy_document" "bucket" {
  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = ["arn:aws:s3:::${var.name}-data", "arn:aws:s3:::${var.name}-data/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_iam_role" "this" {
  name = var.name
  tags = merge(local.tags, { Name = "${var.name}-role" })
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Action    = "sts:AssumeRole"
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

resource "aws_iam_policy" "this" {
  name   = "${var.name}-access"
  policy = data.aws_iam_policy_document.access.json
  tags   = merge(local.tags, { Name = "${var.name}-access" })
}

resource "aws_iam_role_policy_attachment" "this" {
  role       = aws_iam_role.this.name
  policy_arn = aws_iam_policy.this.arn
}

resource "aws_security_group" "this" {
  name        = var.name
  description = "Traffic of ${var.name}"
  vpc_id      = var.vpc_id
  tags        = merge(local.tags, { Name = "${var.name}-sg" })

  ingress {
    description = "TLS from the network"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}

resource "aws_launch_template" "this" {
  name          = var.name
  image_id      = "ami-03cf127a"
  instance_type = "m7g.large"
  tags          = merge(local.tags, { Name = "${var.name}-template" })

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }

  dynamic "tag_specifications" {
    for_each = toset(["instance", "volume"])
    content {
      resource_type = tag_specifications.key
      tags          = merge(local.all_tags, { Name = "${var.name}-${tag_specifications.key}" })
    }
  }
}

resource "aws_autoscaling_group" "this" {
  name               = var.name
  min_size           = 0
  max_size           = 4
  desired_capacity   = 0
  availability_zones = ["eu-central-1a"]

  launch_template {
    id      = aws_launch_template.this.id
    version = "$Latest"
  }

  dynamic "tag" {
    for_each = merge(local.all_tags, { Name = "${var.name}-node" })
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }
}

resource "aws_instance" "this" {
  ami                    = "ami-03cf127a"
  instance_type          = "t3.small"
  subnet_id              = var.subnet_id
  vpc_security_group_ids = [aws_security_group.this.id]
  tags                   = merge(local.tags, { Name = "${var.name}-bastion" })

  root_block_device {
    volume_size = 20
    encrypted   = true
    tags        = merge(local.all_tags, { Name = "${var.name}-root" })
  }
}

resource "aws_ebs_volume" "this" {
  availability_zone = "eu-central-1a"
  size              = 100
  encrypted         = true
  tags              = merge(local.tags, { Name = "${var.name}-volume" })
}

resource "aws_s3_bucket" "this" {
  bucket = "${var.name}-data"
  tags   = merge(local.tags, { Name = "${var.name}-data" })
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id
  policy = data.aws_iam_policy_document.bucket.json
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_sqs_queue" "this" {
  name                       = "${var.name}-jobs"
  visibility_timeout_seconds = 120
  tags                       = merge(local.tags, { Name = "${var.name}-jobs" })
}

resource "aws_sns_topic" "this" {
  name = "${var.name}-events"
  tags = merge(local.tags, { Name = "${var.name}-events" })
}

resource "aws_sns_topic_subscription" "this" {
  topic_arn = aws_sns_topic.this.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.this.arn
}

resource "aws_dynamodb_table" "this" {
  name         = var.name
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  tags         = merge(local.tags, { Name = "${var.name}-table" })

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/service/${var.name}"
  retention_in_days = 30
  tags              = merge(local.tags, { Name = "${var.name}-logs" })
}

resource "aws_cloudwatch_metric_alarm" "this" {
  alarm_name          = "${var.name}-backlog"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 3
  metric_name         = "ApproximateNumberOfMessagesVisible"
  namespace           = "AWS/SQS"
  period              = 300
  statistic           = "Maximum"
  threshold           = 1000
  dimensions          = { QueueName = "${var.name}-jobs" }
  tags                = merge(local.tags, { Name = "${var.name}-backlog" })
}

resource "aws_secretsmanager_secret" "this" {
  name = "${var.name}/database"
  tags = merge(local.tags, { Name = "${var.name}-secret" })
}

resource "aws_route53_record" "this" {
  zone_id = var.zone_id
  name    = "${var.name}.example.com"
  type    = "CNAME"
  ttl     = 300
  records = ["${var.name}.internal.example.com"]
}
