"""Judge live resources by the dictionary: what the check of plans says of tags, and what only live ones can break."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from hashlib import blake2b

from harness.audit.model import GLOBAL, AuditFinding, AuditResource
from harness.audit.sources.accounts import TYPE as ACCOUNT
from harness.personal_data import masked, personal_parts
from harness.plan_check.exemptions import OF_KEYS
from harness.plan_check.judge import Judge
from harness.plan_check.model import Fault, Passing, Resource, TagSet
from harness.plan_check.requirements import ExemptionRule, Requirements
from harness.type_facts import TypeFacts, cloudformation_type

RESERVED = "aws:"
NEAR = 0.9  # of the most tags that a resource may have
_PATH = "tags"


class Auditor:
    """Judge resource by resource; `requirements_of` gives what is required in an account.

    `counts` tells what became of them: passed, failed, unknown, untaggable, unheard (nobody knows whether their type
    takes tags). `unheard` are these types. `owner_key` names who is asked. Accounts have to come first.
    """

    def __init__(
        self,
        requirements_of: Callable[[str], Requirements],
        owner_key: str,
        shown_kinds: Callable[[str], bool],
        today: datetime.date | None = None,
    ) -> None:
        """Know nothing yet."""
        self._requirements_of = requirements_of
        self._judges: dict[int, _Rules] = {}
        self._by_account: dict[str, _Rules] = {}
        self._owner_key = owner_key
        self._shown = shown_kinds
        self._today = today or datetime.datetime.now(tz=datetime.UTC).date()
        self._owners: dict[str, str] = {}
        self.counts: Counter[str] = Counter()
        self.unheard: Counter[str] = Counter()
        self.coverage: dict[str, Counter[str]] = {}

    def findings(self, resource: AuditResource, further: Iterable[Fault] = ()) -> list[AuditFinding]:
        """Return what is wrong with a resource, or cannot be known; `further` are faults that others found.

        Raises: nothing.
        """
        facts = cloudformation_type(resource.type)
        if not self._takes_tags(resource, facts):
            return []
        rules = self._rules(resource.account)
        if resource.type == ACCOUNT and resource.tags:
            self._owners[resource.account] = resource.tags.get(self._owner_key, "")
        if resource.tags is None:
            self.counts["unknown"] += 1
            return [self._finding(resource, _unread(resource))]
        faults = rules.faults(resource, facts or TypeFacts(), self._today)
        self._count(rules, resource, facts or TypeFacts(), faults)
        return [self._finding(resource, fault) for fault in (*faults, *further)]

    def _takes_tags(self, resource: AuditResource, facts: TypeFacts | None) -> bool:
        if resource.tags or "tagging" in resource.sources or "listing" in resource.sources or resource.type == ACCOUNT:
            return True
        if facts is None and not self._shown(resource.arn):
            self.counts["unheard"] += 1
            self.unheard[resource.type] += 1
            return False
        if facts is not None and not facts.tags:
            self.counts["untaggable"] += 1
            return False
        return True

    def _rules(self, account: str) -> "_Rules":
        found = self._by_account.get(account)
        if found is None:
            required = self._requirements_of(account)
            found = self._judges.get(id(required)) or _Rules(required, self._today)
            self._judges[id(required)] = self._by_account[account] = found
        return found

    def _count(self, rules: "_Rules", resource: AuditResource, facts: TypeFacts, faults: list[Fault]) -> None:
        verdicts = {fault.verdict for fault in faults}
        self.counts["failed" if "fail" in verdicts else "unknown" if verdicts else "passed"] += 1
        wrong = {fault.key: fault.rule for fault in faults}
        for key in rules.mandatory(resource.type, facts):
            rule = wrong.get(key)
            state = "covered" if rule is None else "missing" if rule == "missing-key" else "wrong"
            self.coverage.setdefault(key, Counter())[state] += 1

    def _finding(self, resource: AuditResource, fault: Fault) -> AuditFinding:
        tags = resource.tags or {}
        owner = tags.get(self._owner_key) or self._owners.get(resource.account, "")
        return AuditFinding(
            fingerprint=fingerprint(fault.rule, resource.arn, fault.key),
            rule=fault.rule,
            verdict=fault.verdict,
            arn=resource.arn,
            account=resource.account,
            region=resource.region,
            type=resource.type,
            name=resource.name,
            key=fault.key,
            held=_shown(fault),
            wanted=fault.wanted,
            because=fault.because,
            owner=masked(owner) if personal_parts(owner) else owner,
            cost=resource.cost,
        )


class _Rules:
    """Judge by the requirements of one place."""

    def __init__(self, requirements: Requirements, today: datetime.date) -> None:
        self._judge = Judge(requirements)
        self._most = requirements.tags_per_resource
        self._expired = tuple(one for one in requirements.exemptions if one.expires < today)
        self._passing: dict[str, Passing | None] = {}

    def mandatory(self, name: str, facts: TypeFacts) -> tuple[str, ...]:
        return self._judge.mandatory(name, facts)

    def faults(self, resource: AuditResource, facts: TypeFacts, today: datetime.date) -> list[Fault]:
        tags = _own(resource.tags or {})
        if resource.type not in self._passing:
            self._passing[resource.type] = self._judge.passing(resource.type, facts)
        passes = self._passing[resource.type]
        near = len(tags) >= NEAR * self._most
        if passes and not near and passes(tags, ""):
            return []
        sets = (TagSet(_PATH, tags),)
        found = self._judge.faults(Resource(resource.arn, resource.type, facts, "none", sets, arn=resource.arn))
        if near and len(tags) <= self._most:
            found = [*found, Fault("tag-count-near", "fail", _PATH, held=str(len(tags)), wanted=(str(self._most),))]
        return [*found, *self._lapsed(resource.arn, found, today)] if self._expired else found

    def _lapsed(self, arn: str, found: Iterable[Fault], today: datetime.date) -> Iterator[Fault]:
        """Yield the exemptions that no longer free a resource of a fault that it has."""
        for one in self._expired:
            if fnmatchcase(arn, one.resource) and any(_freed(one, fault) for fault in found):
                ended = f"exempt until {one.expires}, {(today - one.expires).days} days ago: {one.reason}"
                keys = ", ".join(one.tags)
                yield Fault("expired-exemption", "fail", _PATH, keys, one.resource, (one.owner,), ended)


def _freed(exemption: ExemptionRule, fault: Fault) -> bool:
    return fault.rule in OF_KEYS and (not exemption.tags or fault.key in exemption.tags)


def _own(tags: Mapping[str, str]) -> dict[str, str]:
    """Return tags without those that AWS sets itself, which count towards no limit and follow no dictionary."""
    return {key: value for key, value in tags.items() if not key.startswith(RESERVED)}


def _unread(resource: AuditResource) -> Fault:
    seen = ", ".join(resource.sources)
    return Fault("tags-unread", "unknown", _PATH, because=f"seen by {seen}, which shows no tags; no other source does")


def _shown(fault: Fault) -> str:
    """Return what is held, unreadable where it is a person's data or a secret, whatever rule it breaks."""
    return masked(fault.held) if fault.rule == "personal-data" or personal_parts(fault.held) else fault.held


def fingerprint(rule: str, arn: str, key: str) -> str:
    """Return what tells a finding in every run, 16 hexadecimal signs. Raises: nothing."""
    return blake2b(f"{rule}\0{arn}\0{key}".encode(), digest_size=8).hexdigest()


def not_activated(payer: str, key: str, statuses: Mapping[str, str]) -> AuditFinding:
    """Return the finding that a key is not activated for cost allocation, so that no bill shows it. Raises: nothing."""
    held = statuses.get(key, "unseen")
    because = "billing has not seen the key on any resource" if key not in statuses else ""
    return AuditFinding(
        fingerprint=fingerprint("key-not-activated", payer, key),
        rule="key-not-activated",
        verdict="fail",
        arn="",
        account=payer,
        region=GLOBAL,
        type=ACCOUNT,
        name="cost allocation tags",
        key=key,
        held=held,
        wanted=("Active",),
        because=because,
    )
