# Roles to audit and repair accounts by, where env.yaml asks for them.
locals {
  _audit_units    = try(var.environment.audit_role.organizational_units, [])
  _audit_unit_ids = distinct([for path in local._audit_units : local._ids_by_path[path] if lookup(local._ids_by_path, path, null) != null])

  # Old spellings and prohibited keys that a policy of IAM can name: letters up to U+00FF, and no *.
  _removable_keys = [
    for key in distinct(concat(flatten([for tag in values(var.dictionary.tags) : tag.deprecated_spellings]), keys(var.dictionary.prohibited_keys))) :
    key if can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+$", key)) && can(regex("^[ -\\x{FF}]+$", key)) && trimspace(key) != ""
  ]
  _repair_role = one([for repair in try(var.environment.audit_role.repair, null)[*] : coalesce(repair.name, "${var.environment.name}-repair")])
}

module "audit_role" {
  source = "../audit-role"
  count  = length(var.environment.audit_role[*])

  account_id         = var.environment.payer_account_id
  external_id        = var.environment.audit_role.external_id
  limits             = var.environment.limits
  management_account = true
  name               = var.environment.name
  organization_id    = var.environment.organization_id
  partition          = local._partition
  principals         = var.environment.audit_role.principals
  resource_tags      = var.environment.resource_tags
  role_name          = var.environment.audit_role.name
  repair = one([for repair in var.environment.audit_role.repair[*] : {
    keys           = concat(keys(var.dictionary.tags), [repair.marking_key])
    principals     = repair.principals
    removable_keys = local._removable_keys
    role_name      = repair.name
    services       = repair.services
  }])
  # Units that were not found are named by the preconditions of the documents output.
  stack_set = length(local._audit_unit_ids) == 0 ? null : {
    organizational_unit_ids = local._audit_unit_ids
    region                  = var.environment.regions.home
    trusted_services        = try(local._organization.aws_service_access_principals, null)
  }
}
