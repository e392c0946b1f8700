"""List the commands of `tagrail`; each is a file of this folder, imported when it is run."""

from harness.cli.table import Entry, Group

# In the order in which `tagrail --help` lists them: the life cycle first.
_ENTRIES = {
    "validate": Entry("harness.cli.validate", "validate", "Check the dictionary and every environment, without AWS."),
    "plan": Entry("harness.cli.life_cycle", "plan", "Show what apply would change; changes nothing."),
    "apply": Entry("harness.cli.life_cycle", "apply", "Show the plan, apply exactly it, then verify."),
    "verify": Entry("harness.cli.life_cycle", "verify", "Compare the live state with what the dictionary implies."),
    "destroy": Entry("harness.cli.life_cycle", "destroy", "Remove what apply made; billing keeps its tags."),
    "backfill": Entry("harness.cli.backfill", "backfill", "Apply today's cost allocation tags to past months."),
    "check": Entry(
        "harness.cli.check", "check", "Check Terraform plans and CloudFormation templates against the dictionary."
    ),
    "comment": Entry(
        "harness.cli.comment", "comment", "Put a report onto the pull request of this job, in place of the one before."
    ),
    "explain": Entry("harness.cli.explain", "explain", "Say what each plane does with each tag key."),
    "doctor": Entry("harness.cli.doctor", "doctor", "Look at this machine: what is installed, found and running."),
    "schemas": Entry(
        "harness.cli.schemas", "schemas", "Write the JSON schemas of tags.yaml and env.yaml, for editors."
    ),
    "snapshot": Entry(
        "harness.cli.snapshot", "snapshot", "Read the organisation, changing nothing, into a file for rehearse."
    ),
    "rehearse": Entry(
        "harness.cli.rehearsal",
        "rehearse",
        "Apply an environment to an emulator that holds a snapshot of its organisation, and say what changes.",
    ),
    "simulate": Entry(
        "harness.cli.simulation",
        "simulate",
        "Say what a request would get: allowed or denied, by which policy, and what to add.",
    ),
    "impact": Entry("harness.cli.impact", "impact", "Count whom enforcing every target would hit, before it is."),
    "costs": Entry("harness.cli.costs", "costs", "Say what is spent, by whom, and how much of it carries its tags."),
    "lint-policy": Entry(
        "harness.cli.lint", "lint_policy", "Find mistakes in tag policies, control policies and IAM policies."
    ),
    "audit": Entry(
        "harness.cli.audit",
        "audit",
        "Run checkov over modules/, envs/ and plans, and with --env audit the tags of live accounts.",
    ),
    "repair": Entry(
        "harness.cli.repair",
        "group",
        "Repair tags that an audit found wrong: plan, edit the plan, apply, resume or undo.",
    ),
    "checkov-rules": Entry(
        "harness.cli.checkov_rules", "checkov_rules", "Write the dictionary as custom checks for checkov."
    ),
    "emulator": Entry("harness.cli.emulator", "group", "The embedded AWS emulator: start, stop, status."),
    "localstack": Entry(
        "harness.cli.localstack",
        "group",
        "LocalStack 4.14 without Docker, in its own venv (Python 3.13): start, stop, status.",
    ),
}

COMMANDS = Group(
    _ENTRIES,
    "Tag and cost governance for AWS as code: one dictionary, applied by Terraform, proven by reading AWS back.",
)
