name                 = "x"
enabled_policy_types = ["TAG_POLICY"]
limits               = { tag_policy_document_characters = 110 }
targets              = { root = { id = "r-abcd", mode = "report" } }
# As packed, without c: no policy has another name than there.
tags = {
  a = {}
  b = {}
  d = {}
  e = { values = ["a-value-that-is-long", "b"] }
}
