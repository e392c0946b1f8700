"""Compare AWS Config's rules, recorder and aggregator with what the dictionary and the environment imply."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness.documents import RuleDocument
from harness.environment import Environment
from harness.finding import Finding
from harness.packing import canonical_json
from harness.state import LiveRegion, LiveRule, State, Unreadable
from harness.verify.unreadable import unknown

PLANE = "Config rule"
RECORDER = "Config recorder"
EXCLUDED = "excluded accounts"
_SETTLED = frozenset({"ACTIVE", "EVALUATING", "CREATE_SUCCESSFUL", "UPDATE_SUCCESSFUL"})


@dataclass(frozen=True, slots=True)
class ConfigExpectation:
    """Hold the rules that every region must have, and the ids of the accounts left out."""

    rules: Mapping[str, RuleDocument]
    excluded_accounts: frozenset[str]


def config_findings(
    expectation: ConfigExpectation, environment: Environment, state: State, apply: str
) -> Iterator[Finding]:
    """Yield a finding for each rule and region; `apply` is the command that repairs. Raises: nothing."""
    for region, live in state.regions.items():
        if isinstance(live, Unreadable):
            yield unknown(PLANE, region, "all", live, "config:Describe* and config:Get*")
            continue
        for name, rule in expectation.rules.items():
            yield from _rule(name, rule, live.rules.get(name), region, expectation.excluded_accounts, apply)
        yield from _left_over(expectation, environment, live, region)
        yield from _recorder(environment, live, region, apply)
        if region == environment.regions.home:
            yield from _aggregator(environment, live, apply)


def _left_over(
    expectation: ConfigExpectation, environment: Environment, live: LiveRegion, region: str
) -> Iterator[Finding]:
    """Yield the rules that carry tagrail's names and that nothing asks for."""
    ours = (f"{environment.name}-required-tags", f"{environment.name}-tag-values-guard")
    kind = "organization-config-rule" if environment.config.scope == "organization" else "config-rule"
    for name in sorted(live.rules.keys() - expectation.rules.keys()):
        if name.startswith(ours):
            repair = f"Do run aws configservice delete-{kind} --{kind}-name {name} --region {region}"
            yield Finding(
                PLANE, region, name, "fail", "a rule of tagrail's that nothing asks for", "no such rule", repair
            )


def _rule(  # noqa: PLR0913, PLR0917 (one rule in one region, and what to say about it)
    name: str, wanted: RuleDocument, held: LiveRule | None, region: str, excluded: frozenset[str], apply: str
) -> Iterator[Finding]:
    if held is None:
        yield Finding(PLANE, region, name, "fail", "no such rule", f"{wanted.kind} rule", f"Do run {apply}")
        return
    differences = list(_differences(wanted, held, excluded))
    for part, has, must in differences:
        yield Finding(PLANE, region, f"{name}: {part}", "fail", has, must, f"Do run {apply}")
    if held.status.startswith("DELET"):
        yield Finding(PLANE, region, f"{name}: status", "fail", held.status, "successful", f"Do run {apply}")
    elif held.status.endswith("FAILED"):
        yield Finding(PLANE, region, f"{name}: status", "fail", held.status, "successful", _failed(name, region))
    elif held.status not in _SETTLED:
        yield Finding(PLANE, region, f"{name}: status", "unknown", held.status, "successful", "Do verify again later")
    elif not differences:
        yield Finding(PLANE, region, name, "pass", held.status, "as rendered")


def _failed(name: str, region: str) -> str:
    command = "aws configservice get-organization-config-rule-detailed-status"
    arguments = f"--organization-config-rule-name {name} --region {region}"
    return f"Do run {command} {arguments}, and mend the accounts that it names (most have no recorder)"


def _differences(wanted: RuleDocument, held: LiveRule, excluded: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    if wanted.kind != held.kind:
        yield "kind", held.kind, wanted.kind
    must, has = wanted.parameters or {}, held.parameters or {}
    for name in sorted({*must, *has}):
        if must.get(name) != has.get(name):
            yield name, has.get(name, "nothing"), must.get(name, "nothing")
    if wanted.policy is not None and wanted.policy != held.policy:
        yield "policy text", *_first_difference(held.policy or "", wanted.policy)
    if wanted.resource_types != held.resource_types:
        yield "resource types", ", ".join(held.resource_types), ", ".join(wanted.resource_types)
    if excluded != held.excluded_accounts:
        yield (
            EXCLUDED,
            ", ".join(sorted(held.excluded_accounts)) or "none",
            ", ".join(sorted(excluded)) or "none",
        )


def _first_difference(held: str, wanted: str) -> tuple[str, str]:
    """Return the first line that differs of both texts."""
    pairs = zip([*held.split("\n"), ""], [*wanted.split("\n"), ""], strict=False)
    has, must = next(((has, must) for has, must in pairs if has != must), ("fewer lines", "more lines"))
    return has.strip() or "nothing", must.strip() or "nothing"


def _recorder(environment: Environment, live: LiveRegion, region: str, apply: str) -> Iterator[Finding]:
    """Yield whether the recorder records: every region has its own, without which its rules see nothing."""
    if environment.config.recorder is None:
        return
    bucket = environment.config.recorder.bucket_name
    running = [recorder for recorder in live.recorders.values() if recorder.recording]
    failure = next((recorder.failure for recorder in running if recorder.failure), "")
    held = f"{len(running)} recording, delivering to {', '.join(live.delivery_buckets) or 'nothing'}"
    must = f"a recorder that records, delivering to {bucket}"
    if not running or bucket not in live.delivery_buckets:
        yield Finding(RECORDER, region, "recorder", "fail", held, must, f"Do run {apply}")
    elif failure:
        repair = f"Do let the role of the recorder describe resources and write to {bucket}"
        yield Finding(RECORDER, region, "recorder", "fail", f"{held}, failed last: {failure}", must, repair)
    else:
        yield Finding(RECORDER, region, "recorder", "pass", held, must)


def _aggregator(environment: Environment, live: LiveRegion, apply: str) -> Iterator[Finding]:
    if environment.config.aggregator is None:
        return
    name, held = f"{environment.name}-organization", canonical_json(list(live.aggregators))
    good = name in live.aggregators
    repair = "" if good else f"Do run {apply}"
    yield Finding(RECORDER, environment.regions.home, "aggregator", "pass" if good else "fail", held, name, repair)
