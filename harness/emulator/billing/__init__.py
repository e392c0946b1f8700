"""Cost Explorer and billing: cost allocation tags from unseen to active, and the costs that they divide."""
