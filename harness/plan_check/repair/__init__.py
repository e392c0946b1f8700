"""Write the lines that repair the faults of a resource, in the syntax of its file, and say where they belong.

`entries` works out which tags to write, `hcl_lines` and `template_lines` write them, `place` says where they go.
"""

from harness.plan_check.repair.place import Repair, Site, repairs_of

__all__ = ["Repair", "Site", "repairs_of"]
