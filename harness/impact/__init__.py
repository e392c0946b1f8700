"""Tell, before policies are attached, whom they would hit: resources that exist, and create calls of the last days."""
