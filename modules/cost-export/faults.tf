# What is wrong with an export beside what variables.tf says alone; preconditions of outputs.tf name it.
locals {
  _given = {
    for key, export in var.exports : key => {
      INCLUDE_CAPACITY_RESERVATION_DATA  = export.capacity_reservations != null
      INCLUDE_IAM_PRINCIPAL_DATA         = export.iam_principals != null
      INCLUDE_RESOURCES                  = export.resources != null
      INCLUDE_SPLIT_COST_ALLOCATION_DATA = export.split_cost_allocation != null
      TIME_GRANULARITY                   = export.granularity != null
    }
  }
  _misplaced = {
    for key, given in local._given : key => [for setting, is_given in given : setting if is_given && !contains(keys(local._settings[key]), setting)]
  }

  _known   = { for key, export in var.exports : key => [for column in local.tables[export.table].columns : column[0]] }
  _needed  = { for key, export in var.exports : key => keys(local.tables[export.table].needed) }
  _absent  = { for key, columns in local._columns : key => [for column in columns : column if contains(local._known[key], column) && !contains(local._available[key], column)] }
  _lacking = { for key, columns in local._columns : key => [for column in local._needed[key] : column if length(setintersection([column, try(local.tables[var.exports[key].table].instead[column], column)], concat(columns, keys(var.exports[key].waived)))) == 0] }
  _doubly  = { for key, columns in local._columns : key => [for column in keys(var.exports[key].waived) : column if contains(columns, column)] }

  # The words of a filter outside of its texts: columns that Data Exports documents to filter on, and its operators.
  _filterable = { for key, columns in local._available : key => [for column in columns : column if contains(["double", "string"], local._types[column][0])] }
  _words      = { for key, export in var.exports : key => regexall("[A-Za-z_][A-Za-z0-9_.]*", replace(export.where == null ? "" : export.where, "/'[^']*'/", "''")) }
  _strange = {
    for key, words in local._words : key => [for word in words : word if !contains(local._filterable[key], word) && !contains(["AND", "OR", "NOT", "IN"], upper(word))]
  }
  _lengths = { for name, export in local._exports : name => length(export.statement) }
}
