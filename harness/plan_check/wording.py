"""Put faults into words: where, what, why, and the lines to write instead."""

import hashlib
from collections.abc import Iterable, Iterator

from harness.personal_data import masked
from harness.plan_check.model import CheckFinding, Fault, Input, Language, Resource, TagSet
from harness.plan_check.repair import Site, repairs_of

_SHOWN = 8

# rule -> what is there, and what must hold. {key}, {held}, {wanted}, {because} and {of} (who carries it) are filled in.
_WORDS: dict[str, tuple[str, str]] = {
    "missing-key": ("the tag {key} is missing{of}{why}", "it is mandatory{wanted}"),
    "unknown-key": ("it is not known whether the tag {key} will be there{of}: {because}", "it is mandatory{wanted}"),
    "key-case": ('the key "{held}" is not spelled as in the dictionary{of}', "{key}, in exactly these letters"),
    "duplicate-key": ('the key "{held}" stands beside {key}{of}', "one spelling of a key, {key}"),
    "deprecated-key": ('the key "{held}" is an old spelling{of}', "{key}"),
    "prohibited-key": ('the key "{held}" may not be used{of}: {because}', "no such key"),
    "reserved-key": ('the key "{held}" is AWS\'s own{of}', 'keys that do not begin with "aws:"'),
    "key-length": ("the key has {held} characters{of}", "1 to {wanted} characters"),
    "key-characters": ('the key "{key}" holds "{held}"{of}', "letters, digits, spaces and _ . : / = + - @ alone"),
    "wrong-value": ('{key} = "{held}" is not allowed{of}{why}', "one of {wanted}"),
    "value-case": ('{key} = "{held}" has other capitals than the dictionary{of}{why}', "{wanted}"),
    "unknown-value": ("the value of {key} is not known{of}{why}", "one that the dictionary allows{wanted}"),
    "empty-value": ("the value of {key} is empty{of}{why}", "a value{wanted}"),
    "value-pattern": ('{key} = "{held}" does not match{of}{why}', "the pattern {wanted}"),
    "personal-data": (
        "the value of {key} looks like a personal datum or a secret, {because}: {held}",
        "no such data in tags",
    ),
    "value-length": ("the value of {key} has {held} characters{of}", "{wanted} characters at most"),
    "value-characters": (
        'the value of {key} holds "{held}"{of}{why}',
        "letters, digits, spaces and _ . : / = + - @ alone",
    ),
    "malformed-tags": ("the tags{of} are not written as tags: {because}", "the form that the type takes, with texts"),
    "tag-count": ("there are {held} tags{of}", "{wanted} at most"),
    "not-propagated": ("{path} is {held}: tags do not reach {because}", "it is {wanted}"),
    "unknown-propagation": ("it is not known whether tags reach {because}: {path} is {held}", "it is {wanted}"),
    "guardrail-denies": (
        "{held} is called without the tags, which follow in a second call",
        "tags in the call itself, as the guardrail{at} demands",
    ),
    "expired-exemption": ("the exemption of {held} expired on {because}", "a date to come, or no exemption"),
}
_TWICE = ('the key "{key}" stands twice{of}', "each key once")  # a duplicate-key that is spelled alike
# What stands for what is held where nothing is.
_NOTHING_HELD = {"unknown-propagation": "known at deployment"}
_LAUNCH_TEMPLATE = "that of a launch template with tag_specifications"
_DENIED = {
    "guardrail": "; the guardrail denies the call",
    "tag policy": "; the tag policy denies the call",
}


def describe(found: Input, resource: Resource, faults: Iterable[Fault]) -> Iterator[CheckFinding]:
    """Yield a finding for each fault of a resource. Raises: nothing."""
    faults = tuple(faults)
    sets = {tags.path: tags for tags in resource.sets}
    shown = [_masked(fault, sets.get(fault.path)) for fault in faults]
    repairs = repairs_of(Site(found, resource), shown)
    for fault, public, repair in zip(faults, shown, repairs, strict=True):
        what, must = words_of(public, sets.get(fault.path))
        yield CheckFinding(
            fault=public,
            input=found.name,
            address=resource.address,
            type=resource.type,
            where=_where(resource, fault),
            what=what + _DENIED.get(fault.denied, ""),
            must_hold=must,
            repair=repair.text,
            repair_at=repair.at,
            language=found.language,
            fingerprint=fingerprint(fault, resource.address, found.language),
            file=resource.file,
            line=resource.line,
            syntax=found.syntax,
        )


def describe_exemption(fault: Fault) -> CheckFinding:
    """Return the finding of an exemption that has expired. Raises: nothing."""
    what, must = words_of(fault)
    return CheckFinding(
        fault=fault,
        input="the dictionary",
        address=f"exemption of {fault.held}",
        type="exemption",
        where="exemptions",
        what=what,
        must_hold=must,
        repair="",
        repair_at=f"in the exemptions of the dictionary; {', '.join(fault.wanted)} answers for it",
        language="terraform",
        fingerprint=fingerprint(fault, f"exemption of {fault.held}", "terraform"),
    )


def fingerprint(fault: Fault, address: str, language: Language) -> str:
    """Return 16 hexadecimal digits that name a finding wherever its file goes and whatever its value is.

    Raises: nothing.
    """
    text = "\0".join((language, fault.rule, address, fault.path, fault.key))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _where(resource: Resource, fault: Fault) -> str:
    own = resource.sets[0].path if resource.sets else ""
    return resource.address if fault.path == own else f"{resource.address}.{fault.path}"


def words_of(fault: Fault, tags: TagSet | None = None) -> tuple[str, str]:
    """Return what is there and what must hold, in words. Raises: KeyError for a rule that has none."""
    is_twice = fault.rule == "duplicate-key" and fault.held in ("", fault.key)
    what, must = _TWICE if is_twice else _WORDS[fault.rule]
    wanted = _LAUNCH_TEMPLATE if fault.wanted == ("*",) else _listed(fault.wanted)
    parts = {
        "key": fault.key,
        "held": fault.held or _NOTHING_HELD.get(fault.rule, ""),
        "because": fault.because,
        "at": f" of {fault.because}" if fault.because else "",
        "path": fault.path,
        "of": f" on {tags.carries}" if tags and tags.carries else "",
        "why": f": {fault.because}" if fault.because else "",
    }
    of_it = f", with {wanted}" if wanted else ""
    return what.format(**parts, wanted=wanted), must.format(**parts, wanted=of_it if _after_comma(must) else wanted)


def _after_comma(must: str) -> bool:
    return must.endswith(("mandatory{wanted}", "allows{wanted}", "value{wanted}"))


def _listed(wanted: tuple[str, ...]) -> str:
    """Return values for people.

    >>> _listed(("dev", "test", "prod")), _listed(("dev",))
    ('dev, test or prod', 'dev')
    """
    shown = wanted if len(wanted) <= _SHOWN else (*wanted[: _SHOWN - 1], f"{len(wanted) - _SHOWN + 1} more")
    return ", ".join(shown[:-1]) + (" or " if len(shown) > 1 else "") + shown[-1] if shown else ""


def _masked(fault: Fault, tags: TagSet | None) -> Fault:
    """Return a fault without a value that nobody must see: personal data, and what Terraform marks as sensitive."""
    is_secret = tags is not None and tags.hides(fault.key)
    if fault.rule in ("wrong-value", "value-case", "value-pattern", "value-characters") and is_secret:
        return _with_held(fault, "(sensitive)")
    if fault.rule == "personal-data":
        return _with_held(fault, "(sensitive)" if is_secret else masked(fault.held))
    return fault


def _with_held(fault: Fault, held: str) -> Fault:
    return Fault(fault.rule, fault.verdict, fault.path, fault.key, held, fault.wanted, fault.because, fault.denied)
