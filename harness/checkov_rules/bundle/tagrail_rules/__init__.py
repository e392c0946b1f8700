"""Judge the tags of resources in HCL and in plans, with the standard library alone."""
