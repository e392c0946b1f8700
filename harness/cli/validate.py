"""Define `tagrail validate`."""

from harness.cli.options import Form
from harness.cli.place import root, today
from harness.cli.verdict import report
from harness.finding import Finding
from harness.project import load_project
from harness.verify import exemption_findings
from harness.verify.planned_limits import planned_limit_findings
from harness.verify.policy_types import policy_type_findings
from harness.verify.silent_monitors import silent_monitor_findings


def validate(form: Form = "text") -> int:
    """Check the dictionary and every environment, without AWS."""
    project = load_project(root())
    findings = [
        Finding("environment", f"envs/{name}/env.yaml", name, "pass", "no fault", "no fault")
        for name in project.environments
    ]
    count = len(project.dictionary.tags)
    first = Finding("dictionary", "envs/tags.yaml", f"{count} tags", "pass", "no fault", "no fault")
    exempt = exemption_findings(project.dictionary, today())
    planned = planned_limit_findings(project.environments, today())
    types = policy_type_findings(project.dictionary)
    silent = silent_monitor_findings(project.environments)
    return report("validate", (first, *findings, *types, *exempt, *planned, *silent), form)
