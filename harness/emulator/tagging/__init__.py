"""Read and write the tags of all resources of an account and region through the Resource Groups Tagging API."""
