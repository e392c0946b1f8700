"""AWS Resource Explorer: indexes, views, and searches over the inventory, never-tagged resources included."""
