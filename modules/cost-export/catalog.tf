# Tables over the exports, without a crawler: partitions are worked out of the month that a query asks for.
# The template of their folders has to end with a slash.
# https://docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html
locals {
  # One or none, by a key of their own: what is absent is not compared with null, which checkov takes for false.
  _athena = { for athena in var.athena[*] : "costs" => {
    database        = coalesce(athena.database, "${replace(var.name, "-", "_")}_costs")
    kms_key_arn     = var.bucket.kms_key_arn
    output_location = "s3://${var.bucket.name}/athena-results/"
    scan_limit      = athena.scan_limit_gib * 1024 * 1024 * 1024
    tables = {
      for key in keys(var.exports) : replace(key, "-", "_") => {
        columns  = [for column in local._columns[key] : [lower(column), try(local._types[column][0], "string")]]
        location = "s3://${var.bucket.name}/exports/${var.name}-${key}/data"
        parameters = {
          "classification"                          = "parquet"
          "projection.billing_period.format"        = "yyyy-MM"
          "projection.billing_period.interval"      = "1"
          "projection.billing_period.interval.unit" = "MONTHS"
          "projection.billing_period.range"         = "2020-01,NOW"
          "projection.billing_period.type"          = "date"
          "projection.enabled"                      = "true"
          "storage.location.template"               = "s3://${var.bucket.name}/exports/${var.name}-${key}/data/BILLING_PERIOD=$${billing_period}/"
        }
      }
    }
    workgroup = coalesce(athena.workgroup, "${var.name}-costs")
  } }
  _catalog = one(values(local._athena))
}

resource "aws_glue_catalog_database" "this" {
  for_each = local._athena

  name        = each.value.database
  description = "tagrail: exports of the payer's bill"
  tags        = var.resource_tags
}

resource "aws_glue_catalog_table" "this" {
  for_each = try(local._catalog.tables, {})

  database_name = aws_glue_catalog_database.this["costs"].name
  description   = "tagrail: export ${var.name}-${replace(each.key, "_", "-")}"
  name          = each.key
  parameters    = each.value.parameters
  table_type    = "EXTERNAL_TABLE"

  partition_keys {
    name = "billing_period"
    type = "string"
  }

  storage_descriptor {
    input_format  = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    location      = each.value.location
    output_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"

    dynamic "columns" {
      for_each = each.value.columns

      content {
        name = columns.value[0]
        type = columns.value[1]
      }
    }

    ser_de_info {
      parameters            = { "serialization.format" = "1" }
      serialization_library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
    }
  }
}

# Its history and saved queries go with the workgroup; results stay in the bucket until they expire.
resource "aws_athena_workgroup" "this" {
  for_each = local._athena

  name          = each.value.workgroup
  description   = "tagrail: queries of the payer's bill"
  force_destroy = true
  tags          = var.resource_tags

  configuration {
    bytes_scanned_cutoff_per_query     = each.value.scan_limit
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true

    result_configuration {
      expected_bucket_owner = var.account_id
      output_location       = each.value.output_location

      encryption_configuration {
        encryption_option = var.bucket.kms_key_arn == null ? "SSE_S3" : "SSE_KMS"
        kms_key_arn       = each.value.kms_key_arn
      }
    }
  }
}
