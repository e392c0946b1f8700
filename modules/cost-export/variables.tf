variable "account_id" {
  description = "Payer account in which the exports are."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must be 12 digits; got \"${var.account_id}\". Do copy the payer's account id."
  }
}

variable "athena" {
  description = "Database and workgroup to query the exports with; null makes none. database and workgroup are <name>_costs and <name>-costs unless given."
  type = object({
    database            = optional(string)
    workgroup           = optional(string)
    scan_limit_gib      = optional(number, 100)
    results_expire_days = optional(number, 30)
  })
  default = null

  validation {
    condition     = try(var.athena.database, null) == null ? true : can(regex("^[a-z][a-z0-9_]{0,254}$", var.athena.database))
    error_message = "athena.database must be 1 to 255 of a-z, 0-9 and _, beginning with a letter; got \"${try(var.athena.database, null) == null ? "" : var.athena.database}\". Do rename it."
  }

  validation {
    condition     = try(var.athena.workgroup, null) == null ? true : can(regex("^[A-Za-z0-9._-]{1,128}$", var.athena.workgroup))
    error_message = "athena.workgroup must be 1 to 128 of letters, digits, ., _ and -; got \"${try(var.athena.workgroup, null) == null ? "" : var.athena.workgroup}\". Do rename it."
  }

  validation {
    condition     = alltrue([for days in var.athena[*].results_expire_days : days >= 1 && floor(days) == days])
    error_message = "athena.results_expire_days must be 1 day or more; got ${try(var.athena.results_expire_days, 0)}. Do correct it."
  }

  validation {
    condition     = alltrue([for gib in var.athena[*].scan_limit_gib : gib >= 1 && floor(gib) == gib])
    error_message = "athena.scan_limit_gib must be 1 GiB or more; got ${try(var.athena.scan_limit_gib, 0)}. Do correct it."
  }
}

variable "bucket" {
  description = "The S3 bucket to deliver to. Exported months expire after expire_days, null keeps them; kms_key_arn is a customer-managed key, null encrypts with keys of S3."
  type = object({
    name        = string
    expire_days = optional(number)
    kms_key_arn = optional(string)
  })
  nullable = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.bucket.name)) && !can(regex("[.][.-]|^xn--|^[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+$", var.bucket.name))
    error_message = "bucket.name must be an S3 bucket name of 3 to 63 of a-z, 0-9, - and .; got \"${var.bucket.name}\". Do correct it."
  }

  validation {
    condition     = var.bucket.expire_days == null ? true : var.bucket.expire_days >= 1 && floor(var.bucket.expire_days) == var.bucket.expire_days
    error_message = "bucket.expire_days must be 1 day or more; got ${var.bucket.expire_days == null ? 0 : var.bucket.expire_days}. Do correct it, or remove it."
  }

  validation {
    condition     = var.bucket.kms_key_arn == null ? true : can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.bucket.kms_key_arn))
    error_message = "bucket.kms_key_arn must be the ARN of a KMS key; got \"${var.bucket.kms_key_arn == null ? "" : var.bucket.kms_key_arn}\". Do copy the ARN of the key."
  }

  validation {
    condition     = !can(regex("^arn:[^:]*:kms:", var.bucket.kms_key_arn)) || try(split(":", var.bucket.kms_key_arn)[3] == var.region, false)
    error_message = "bucket.kms_key_arn must be a key of ${var.region}, where the bucket is; got \"${var.bucket.kms_key_arn == null ? "" : var.bucket.kms_key_arn}\". Do name one of that region."
  }
}

variable "exports" {
  description = "Exports by name. table is cur-2.0, focus-1.0 or focus-1.2; columns null are all that it has; where is a condition in the SQL of Data Exports. granularity is hourly, daily or monthly; resources, split_cost_allocation, capacity_reservations and iam_principals are settings of cur-2.0. waived gives the reason for each column that cost reports need and the export lacks."
  type = map(object({
    table                 = string
    columns               = optional(list(string))
    where                 = optional(string)
    granularity           = optional(string)
    resources             = optional(bool)
    split_cost_allocation = optional(bool)
    capacity_reservations = optional(bool)
    iam_principals        = optional(bool)
    waived                = optional(map(string), {})
  }))
  nullable = false

  validation {
    condition     = length(var.exports) > 0
    error_message = "exports must name an export; got none. Do add one, or drop the module."
  }

  validation {
    condition     = alltrue([for key in keys(var.exports) : can(regex("^[a-z][a-z0-9-]*$", key))])
    error_message = "Each name of exports must be a-z, 0-9 and -, beginning with a letter; got ${join(", ", [for key in keys(var.exports) : "\"${key}\"" if !can(regex("^[a-z][a-z0-9-]*$", key))])}. Do rename it."
  }

  validation {
    condition     = alltrue([for key in keys(var.exports) : !(length("${var.name}-${key}") > local.limits.data_export_name_characters)])
    error_message = "Each name of exports must leave ${local.limits.data_export_name_characters} characters for the export's name; got ${join(", ", [for key in keys(var.exports) : "${length("${var.name}-${key}")} for \"${key}\"" if length("${var.name}-${key}") > local.limits.data_export_name_characters])}. Do shorten it."
  }

  validation {
    condition     = alltrue([for export in values(var.exports) : contains(keys(local.tables), export.table)])
    error_message = "table must be one of ${join(", ", keys(local.tables))}; got ${join(", ", [for key, export in var.exports : "\"${export.table}\" for \"${key}\"" if !contains(keys(local.tables), export.table)])}. Do choose one of them."
  }

  validation {
    condition     = alltrue([for export in values(var.exports) : export.granularity == null ? true : contains(["hourly", "daily", "monthly"], export.granularity)])
    error_message = "granularity must be hourly, daily or monthly; got ${join(", ", [for key, export in var.exports : "\"${export.granularity}\" for \"${key}\"" if export.granularity == null ? false : !contains(["hourly", "daily", "monthly"], export.granularity)])}. Do choose one of them."
  }

  validation {
    condition     = alltrue([for export in values(var.exports) : export.columns == null ? true : length(export.columns) > 0])
    error_message = "columns must name a column; got an empty list for ${join(", ", [for key, export in var.exports : "\"${key}\"" if export.columns == null ? false : length(export.columns) == 0])}. Do name some, or leave it out for all."
  }

  validation {
    condition     = alltrue(flatten([for export in values(var.exports) : [for column in export.columns : contains([for each in try(local.tables[export.table].columns, []) : each[0]], column)] if export.columns != null && contains(keys(local.tables), export.table)]))
    error_message = "Each of columns must be a column of the table; got ${join(", ", flatten([for key, export in var.exports : [for column in export.columns : "\"${column}\" for \"${key}\"" if !contains([for each in try(local.tables[export.table].columns, []) : each[0]], column)] if export.columns != null && contains(keys(local.tables), export.table)]))}. Do correct the spelling."
  }

  validation {
    condition     = alltrue([for export in values(var.exports) : export.columns == null ? true : length(distinct(export.columns)) == length(export.columns)])
    error_message = "Each of columns must appear once; got one twice for ${join(", ", [for key, export in var.exports : "\"${key}\"" if export.columns == null ? false : length(distinct(export.columns)) != length(export.columns)])}. Do remove it."
  }

  validation {
    condition     = alltrue(flatten([for key, export in var.exports : [for column in keys(export.waived) : contains(keys(try(local.tables[export.table].needed, {})), column)] if contains(keys(local.tables), export.table)]))
    error_message = "waived must name columns that cost reports need; got ${join(", ", flatten([for key, export in var.exports : [for column in keys(export.waived) : "\"${column}\" for \"${key}\"" if !contains(keys(try(local.tables[export.table].needed, {})), column)] if contains(keys(local.tables), export.table)]))}. Do remove it."
  }

  validation {
    condition     = alltrue(flatten([for export in values(var.exports) : [for reason in values(export.waived) : trimspace(reason) != ""]]))
    error_message = "waived must give a reason for each column; got none for ${join(", ", flatten([for key, export in var.exports : [for column, reason in export.waived : "\"${column}\" for \"${key}\"" if trimspace(reason) == ""]]))}. Do say why reports can do without it."
  }

  validation {
    condition     = alltrue([for export in values(var.exports) : export.where == null ? true : trimspace(export.where) == export.where && !can(regex("[\\t\\n\\r]", export.where))])
    error_message = "where must be one line, without a space at either end; got ${join(", ", [for key, export in var.exports : "\"${export.where}\" for \"${key}\"" if export.where == null ? false : trimspace(export.where) != export.where || can(regex("[\\t\\n\\r]", export.where))])}. Do write it in one."
  }

  validation {
    condition     = alltrue([for export in values(var.exports) : export.where == null ? true : can(regex("^[A-Za-z0-9_.,()<>=! '-]+$", replace(export.where, "/'[^']*'/", "''")))])
    error_message = "where must be made of columns, numbers, 'text', =, !=, <>, <, <=, >, >=, IN (...), AND, OR, NOT and parentheses; got ${join(", ", [for key, export in var.exports : "\"${export.where}\" for \"${key}\"" if export.where == null ? false : !can(regex("^[A-Za-z0-9_.,()<>=! '-]+$", replace(export.where, "/'[^']*'/", "''")))])}. Do correct it."
  }

  validation {
    condition     = alltrue([for export in values(var.exports) : length(regexall("[(]", replace(export.where == null ? "" : export.where, "/'[^']*'/", "''"))) == length(regexall("[)]", replace(export.where == null ? "" : export.where, "/'[^']*'/", "''")))])
    error_message = "where must close each parenthesis; got ${join(", ", [for key, export in var.exports : "\"${export.where == null ? "" : export.where}\" for \"${key}\"" if length(regexall("[(]", replace(export.where == null ? "" : export.where, "/'[^']*'/", "''"))) != length(regexall("[)]", replace(export.where == null ? "" : export.where, "/'[^']*'/", "''")))])}. Do correct it."
  }

  validation {
    condition     = alltrue([for table, facts in local.tables : length([for export in values(var.exports) : export if export.table == table]) <= local.limits[facts.limit]])
    error_message = "An account must have no more exports of a table than AWS allows; got ${join(", ", [for table, facts in local.tables : "${length([for export in values(var.exports) : export if export.table == table])} of ${table}, which allows ${local.limits[facts.limit]}" if length([for export in values(var.exports) : export if export.table == table]) > local.limits[facts.limit]])}. Do drop some."
  }
}

variable "limits" {
  description = "Overrides of rows of aws-facts.yaml, by id."
  type        = map(number)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for id in keys(var.limits) : contains(keys(local._facts.limits), id)])
    error_message = "Each limit must be a row of modules/aws-facts.yaml; got ${join(", ", [for id in keys(var.limits) : "\"${id}\"" if !contains(keys(local._facts.limits), id)])}. Do choose one of ${join(", ", keys(local._facts.limits))}."
  }
}

variable "name" {
  description = "Prefix of every name that the module creates."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,19}$", var.name))
    error_message = "name must be 1 to 20 of a-z, 0-9 and -, beginning with a letter; got \"${var.name}\". Do shorten or rename it."
  }
}

variable "partition" {
  description = "AWS partition, for ARNs."
  type        = string
  default     = "aws"
  nullable    = false

  validation {
    condition     = can(regex("^aws[a-z-]*$", var.partition)) && !contains(local._facts.partitions.without_billing, var.partition)
    error_message = "partition must be aws or one of its like, and none whose costs are those of an account of aws; got \"${var.partition}\". Do write aws or aws-cn."
  }
}

variable "region" {
  description = "Region of the provider, in which the bucket is."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$", var.region))
    error_message = "region must be an AWS region; got \"${var.region}\". Do write it as \"eu-central-1\"."
  }
}

variable "resource_tags" {
  description = "Tags of exports, bucket, database and workgroup."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.resource_tags) <= local.limits.tags_per_resource
    error_message = "resource_tags must hold ${local.limits.tags_per_resource} tags at most; got ${length(var.resource_tags)}. Do remove some."
  }
}
