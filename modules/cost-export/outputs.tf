output "bucket_arn" {
  description = "ARN of the bucket that AWS delivers to."
  value       = aws_s3_bucket.this.arn
}

output "documents" {
  description = "Exports by name with statement and settings; the bucket with its policy; the catalog, null without athena."
  value = {
    bucket = {
      expire_days = local._expire_days
      kms_key_arn = var.bucket.kms_key_arn
      name        = var.bucket.name
      policy      = local._bucket_policy
    }
    catalog = local._catalog
    exports = local._exports
  }

  precondition {
    condition     = alltrue([for found in values(local._misplaced) : length(found) == 0])
    error_message = "granularity, resources, split_cost_allocation, capacity_reservations and iam_principals must be left out where the table has no such setting; got ${join(", ", flatten([for key, found in local._misplaced : [for each in found : "${each} of ${var.exports[key].table} for \"${key}\""]]))}. Do remove it."
  }

  precondition {
    condition     = alltrue([for found in values(local._absent) : length(found) == 0])
    error_message = "Each of columns must be there with the settings; got ${join(", ", flatten([for key, found in local._absent : [for each in found : "\"${each}\" for \"${key}\""]]))}. Do set the setting that adds it to true, or remove it."
  }

  precondition {
    condition     = alltrue([for found in values(local._lacking) : length(found) == 0])
    error_message = "columns must hold what cost reports need; got ${join(", ", flatten([for key, found in local._lacking : [for each in found : "\"${each}\" for \"${key}\""]]))}. Do add it, or give the reason under waived."
  }

  precondition {
    condition     = alltrue([for found in values(local._doubly) : length(found) == 0])
    error_message = "waived must name columns that are left out; got ${join(", ", flatten([for key, found in local._doubly : [for each in found : "\"${each}\" for \"${key}\""]]))}. Do remove it here or there."
  }

  precondition {
    condition     = alltrue([for found in values(local._strange) : length(found) == 0])
    error_message = "where must name columns of text or numbers that the table has with its settings, and no operator but those of Data Exports; got ${join(", ", flatten([for key, found in local._strange : [for each in found : "\"${each}\" for \"${key}\""]]))}. Do correct it."
  }

  precondition {
    condition     = alltrue([for length in values(local._lengths) : length <= local.limits.data_export_query_characters])
    error_message = "A statement must have ${local.limits.data_export_query_characters} characters at most; got ${join(", ", [for name, length in local._lengths : "${length} for \"${name}\"" if length > local.limits.data_export_query_characters])}. Do shorten where."
  }
}

output "export_arns" {
  description = "ARNs of the exports by name."
  value       = { for name, export in aws_bcmdataexports_export.this : name => export.id }
}
