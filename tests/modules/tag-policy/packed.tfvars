name                 = "x"
enabled_policy_types = ["TAG_POLICY"]
limits               = { tag_policy_document_characters = 110 }
targets              = { root = { id = "r-abcd", mode = "report" } }
# Characters with a comma, of 100 that there are: a to d 30 each, e 81.
tags = {
  a = {}
  b = {}
  c = {}
  d = {}
  e = { values = ["a-value-that-is-long", "b"] }
}
