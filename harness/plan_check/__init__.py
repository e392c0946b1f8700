"""Judge planned resources by the dictionary: any Terraform or OpenTofu plan, any CloudFormation template.

`terraform` and `cloudformation` read an input into resources with sets of tags, `judge` compares these with what the
dictionary requires, `wording` says where, what, why and what to write instead.
"""
