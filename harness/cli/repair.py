"""List the commands of `tagrail repair`."""

from harness.cli.table import Entry, Group

group = Group(
    {
        "plan": Entry(
            "harness.cli.repair_plan", "plan", "Write what an audit proves must change as CSV, for people to edit."
        ),
        "apply": Entry(
            "harness.cli.repair_apply", "apply", "Do the changes of a plan, with a journal to resume or undo it by."
        ),
        "mark": Entry(
            "harness.cli.repair_mark",
            "mark",
            "Mark resources that only their owners can repair with a due date, or check them again.",
        ),
    },
    "Repair tags that an audit found wrong: plan, edit the plan, apply, resume or undo.",
)
