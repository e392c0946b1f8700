output "documents" {
  description = "What is watched and who hears of it: monitors (kind, key, values) and subscriptions by their names in AWS."
  value       = { monitors = local._monitors, subscriptions = local._subscriptions }
}

output "monitor_arns" {
  description = "ARNs of the monitors by their names in AWS."
  value       = { for name, monitor in aws_ce_anomaly_monitor.this : name => monitor.arn }
}
