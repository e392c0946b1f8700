"""Rules on actions that tag what is there already, and on tools that tag what they have made."""

from collections.abc import Iterator

from harness.policy.lint import pages
from harness.policy.lint.demands import create_demands_of, demands_of
from harness.policy.lint.model import PRINCIPALS, Given, Lint, LintedPolicy, Rule, listed, quoted
from harness.policy.lint.reach import actions_in, has_key
from harness.policy.lint.tag_conditions import head, resource_tag, tells_of_request_tags
from harness.policy.statement import ConditionEntry

# What makes something first and tags it afterwards, so that a demand on the create breaks it.
_LATER = {
    "secretsmanager:createsecret": (
        "CloudFormation makes a secret and tags it afterwards (AWS's own page of this example says so)"
    ),
    "s3:createbucket": (
        "tools that make a bucket and tag it afterwards are denied (hashicorp/terraform-provider-aws#36515)"
    ),
}
_ROOT_VOLUME = (
    "Terraform's root_block_device tags a volume after ec2:RunInstances; volume_tags passes "
    "(hashicorp/terraform-provider-aws#35639)"
)


def _later_tagging(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, statement in demands_of(policy):
        if any(head(entry.key).endswith(":createaction") for entry in statement.condition):
            continue
        actions = [action for action in actions_in(statement) if action.sets_tags and action.tags_on_create]
        if actions:
            own = [a.service for a in actions if has_key(a, None, f"{a.service}:CreateAction")]
            why = (
                f"every later call of {listed(action.id for action in actions)} that does not repeat the tag is denied"
            )
            take_out = f"Do take {listed(action.id for action in actions)} out of the statement"
            guard = f', or add "Null": {{"{own[0]}:CreateAction": "false"}}' if own else ""
            yield Lint(f"{path}.Action", why, take_out + guard)


def _opens_conditions(policy: LintedPolicy, given: Given) -> Iterator[Lint]:
    relied = {
        resource_tag(entry.key) for each in given.beside(policy) if each.effect == "Allow" for entry in each.condition
    }
    keys = sorted(relied - {""})
    for path, statement in policy.statements:
        free = not any(_limits_tagging(entry) for entry in statement.condition)
        if statement.effect != "Allow" or not keys or not free:
            continue
        actions = [action for action in actions_in(statement) if action.sets_tags and action.tags_on_create]
        if actions:
            names = listed(action.id for action in actions)
            why = f"{names} may tag what is there already, and other statements rest on its tag {listed(keys)}"
            service = actions[0].service
            repair = f'Do add "Null": {{"{service}:CreateAction": "false"}}, where it serves creates alone'
            if not has_key(actions[0], None, f"{service}:CreateAction"):
                repair = f'Do add "ForAllValues:StringNotEquals": {{"aws:TagKeys": [{quoted(keys)}]}}'
            yield Lint(f"{path}.Action", why, repair)


def _limits_tagging(entry: ConditionEntry) -> bool:
    own = tells_of_request_tags(entry) or bool(resource_tag(entry.key))
    return own or head(entry.key).endswith(":createaction")


def _tagged_later(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    found: dict[str, str] = {}
    for placed in create_demands_of(policy):
        for action in actions_in(placed.statement):
            reason = _LATER.get(action.id.lower(), "")
            if action.id == "ec2:RunInstances" and any(":volume/" in name for name in placed.statement.resources):
                reason = _ROOT_VOLUME
            if reason:
                found.setdefault(reason, placed.path)
    for reason, path in found.items():
        yield Lint(path, reason, "Do exempt the roles of such tools, or leave the action to another plane")


RULES = (
    Rule(
        "later-tagging-denied",
        "warning",
        PRINCIPALS,
        "a demand for tags leaves alone the actions that tag what is there, or asks for CreateAction",
        pages.CREATE_TAGS,
        _later_tagging,
    ),
    Rule(
        "tagging-opens-conditions",
        "warning",
        frozenset({"identity"}),
        "who is allowed by a resource's tag may not set that tag on any resource",
        pages.CREATE_TAGS,
        _opens_conditions,
    ),
    Rule(
        "tagged-after-create",
        "info",
        PRINCIPALS,
        "a demand for tags spares what common tools make first and tag afterwards",
        pages.CONTROL_EXAMPLES,
        _tagged_later,
    ),
)
