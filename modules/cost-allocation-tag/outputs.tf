output "documents" {
  description = "Keys to be active, keys to be inactive, and keys that billing has not seen yet; sorted."
  value = {
    active   = sort(local._active)
    inactive = sort(local._inactive)
    pending  = sort(local._pending)
  }
}

output "pending_tag_keys" {
  description = "Keys that billing has not seen yet; a later apply activates them."
  value       = sort(local._pending)
}
