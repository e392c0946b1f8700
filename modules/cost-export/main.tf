locals {
  # Limits live in one data file, since AWS changes them; the caller may override a row.
  _facts = yamldecode(file("${path.module}/../aws-facts.yaml"))
  limits = merge({ for id, row in local._facts.limits : id => row.value }, var.limits)
  tables = yamldecode(file("${path.module}/columns.yaml")).tables

  # 1. The settings of each export's table, every one: AWS adds what is not given to its answers, and the provider refuses that.
  # https://github.com/hashicorp/terraform-provider-aws/issues/43978
  _values = {
    for key, export in var.exports : key => {
      BILLING_VIEW_ARN                      = "arn:${var.partition}:billing::${var.account_id}:billingview/primary"
      INCLUDE_CAPACITY_RESERVATION_DATA     = upper(tostring(coalesce(export.capacity_reservations, false)))
      INCLUDE_IAM_PRINCIPAL_DATA            = upper(tostring(coalesce(export.iam_principals, false)))
      INCLUDE_MANUAL_DISCOUNT_COMPATIBILITY = "FALSE"
      INCLUDE_RESOURCES                     = upper(tostring(coalesce(export.resources, true)))
      INCLUDE_SPLIT_COST_ALLOCATION_DATA    = upper(tostring(coalesce(export.split_cost_allocation, false)))
      TIME_GRANULARITY                      = upper(coalesce(export.granularity, "daily"))
    }
  }
  _settings = {
    for key, export in var.exports : key => {
      for setting in keys(try(local.tables[export.table].settings, {})) : setting => local._values[key][setting]
    }
  }

  # 2. The columns that the table has with them, and those that are wanted, in their order.
  _available = {
    for key, export in var.exports : key => [
      for column in try(local.tables[export.table].columns, []) : column[0] if length(column) < 3 || try(local._values[key][column[2]], "TRUE") == "TRUE"
    ]
  }
  _columns = { for key, export in var.exports : key => export.columns == null ? local._available[key] : export.columns }
  _types   = { for column in flatten([for table in values(local.tables) : [for each in table.columns : { name = each[0], type = each[1] }]]) : column.name => column.type... }

  # 3. The statements. Data Exports selects no *.
  _exports = {
    for key, export in var.exports : "${var.name}-${key}" => {
      table     = local.tables[export.table].name
      settings  = local._settings[key]
      statement = "SELECT ${join(", ", local._columns[key])} FROM ${local.tables[export.table].name}${export.where == null ? "" : " WHERE ${export.where}"}"
      columns   = local._columns[key]
      where     = export.where
      bucket    = var.bucket.name
      prefix    = "exports"
      region    = var.region
    }
  }
}

# The API is in us-east-1, which the provider asks from any region; the bucket is in the region of the provider.
resource "aws_bcmdataexports_export" "this" {
  for_each = local._exports

  tags = var.resource_tags

  export {
    name        = each.key
    description = "tagrail: ${each.value.table} of the payer"

    data_query {
      query_statement      = each.value.statement
      table_configurations = { (each.value.table) = each.value.settings }
    }

    destination_configurations {
      s3_destination {
        s3_bucket = aws_s3_bucket.this.id
        s3_prefix = each.value.prefix
        s3_region = each.value.region

        s3_output_configurations {
          compression = "PARQUET"
          format      = "PARQUET"
          output_type = "CUSTOM"
          overwrite   = "OVERWRITE_REPORT"
        }
      }
    }

    refresh_cadence {
      frequency = "SYNCHRONOUS"
    }
  }

  # AWS writes a test object before it makes an export.
  depends_on = [aws_s3_bucket_policy.this, aws_s3_bucket_ownership_controls.this, aws_s3_bucket_server_side_encryption_configuration.this]
}
