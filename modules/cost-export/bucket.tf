# Holds the bill, which AWS delivers once: nothing here empties it, and terraform fails to destroy it while anything is in it.
locals {
  _bucket_arn     = "arn:${var.partition}:s3:::${var.bucket.name}"
  _billing_region = lookup({ aws-cn = "cn-northwest-1" }, var.partition, "us-east-1")

  # Days by prefix.
  _expire_days = {
    for prefix, days in { "exports/" = var.bucket.expire_days, "athena-results/" = try(var.athena.results_expire_days, null) } : prefix => days if days != null
  }

  # https://docs.aws.amazon.com/cur/latest/userguide/dataexports-s3-bucket.html. AWS writes a test object to the root of the
  # bucket, so no prefix narrows what it may write.
  _bucket_policy = {
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AllowDataExportsToDeliver"
        Effect    = "Allow"
        Principal = { Service = ["bcm-data-exports.amazonaws.com", "billingreports.amazonaws.com"] }
        Action    = ["s3:GetBucketPolicy", "s3:PutObject"]
        Resource  = [local._bucket_arn, "${local._bucket_arn}/*"]
        Condition = {
          StringEquals = { "aws:SourceAccount" = var.account_id }
          ArnLike = { "aws:SourceArn" = [
            "arn:${var.partition}:bcm-data-exports:${local._billing_region}:${var.account_id}:export/*",
            "arn:${var.partition}:cur:${local._billing_region}:${var.account_id}:definition/*",
          ] }
        }
      },
      {
        Sid       = "DenyWithoutTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [local._bucket_arn, "${local._bucket_arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  }
}

resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_18:access is logged where the organisation logs it, by data events of CloudTrail
  #checkov:skip=CKV_AWS_144:one region is enough for a copy of what the console of billing shows too
  #checkov:skip=CKV2_AWS_62:nothing waits for a delivery, since tables find the months of a query by themselves
  bucket        = var.bucket.name
  force_destroy = false
  tags          = var.resource_tags
}

resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket = aws_s3_bucket.this.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    bucket_key_enabled = var.bucket.kms_key_arn != null

    apply_server_side_encryption_by_default {
      kms_master_key_id = var.bucket.kms_key_arn
      sse_algorithm     = var.bucket.kms_key_arn == null ? "AES256" : "aws:kms"
    }
  }
}

# AWS overwrites a month with each delivery; what it was before stays for a while.
resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    id     = "earlier-versions"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }

    noncurrent_version_expiration {
      noncurrent_days = 30
    }
  }

  dynamic "rule" {
    for_each = local._expire_days

    content {
      id     = "expire-${trimsuffix(rule.key, "/")}"
      status = "Enabled"

      filter {
        prefix = rule.key
      }

      expiration {
        days = rule.value
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id
  policy = jsonencode(local._bucket_policy)

  depends_on = [aws_s3_bucket_public_access_block.this]
}
