output "documents" {
  description = "Each TagOption by <key>$<value>, with the ids of what offers it, sorted; and the values that cannot be one."
  value = {
    options = {
      for name, option in local._options : name => merge(option, { resources = option.active ? sort(values(var.resource_ids)) : [] })
    }
    skipped_values = local.skipped
  }
}

output "skipped_values" {
  description = "Values with a *, which no TagOption can have, by key."
  value       = local.skipped
}

output "tag_option_ids" {
  description = "Ids of the TagOptions by <key>$<value>."
  value       = { for name, option in aws_servicecatalog_tag_option.this : name => option.id }
}
