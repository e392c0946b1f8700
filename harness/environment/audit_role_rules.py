"""Name the roles by which accounts are audited and repaired, and check what an environment says of them."""

import re
from collections.abc import Iterator

from harness.audit_actions import repair_services
from harness.dictionary import Dictionary
from harness.environment.audit_role_model import AuditRole, RepairRole
from harness.environment.model import Environment
from harness.facts import Facts
from harness.organization import ROOT
from harness.spelling import nearest
from harness.tag_text import bad_characters, key_faults, ou_path_faults
from harness.yaml_source import Path_

Faults = Iterator[tuple[Path_, str]]

_AT: Path_ = ("audit_role",)
_ROLE_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]+")
_EXTERNAL_ID = re.compile(r"[A-Za-z0-9_+=,.@:/-]{2,1224}")
# Characters of policies: docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.
_LAST_CHARACTER = "\u00ff"


def audit_role_name(environment: Environment) -> str | None:
    """Return the name of the role that audits, None without `audit_role`. Raises: nothing."""
    section = environment.audit_role
    return (section.name or f"{environment.name}-audit") if section else None


def repair_role_name(environment: Environment) -> str | None:
    """Return the name of the role that repairs, None without `audit_role.repair`. Raises: nothing."""
    repair = environment.audit_role.repair if environment.audit_role else None
    return (repair.name or f"{environment.name}-repair") if repair else None


def settable_keys(dictionary: Dictionary, repair: RepairRole) -> tuple[str, ...]:
    """Return the keys that repair may write, sorted: the dictionary's and the one that marks. Raises: nothing."""
    return tuple(sorted({*dictionary.tags, repair.marking_key}))


def removable_keys(dictionary: Dictionary) -> tuple[str, ...]:
    """Return the keys that repair may remove besides, sorted: old spellings, and prohibited keys without a `*`.

    What is no tag key, or one that no policy of IAM can name, is left out. Raises: nothing.
    """
    old = (spelling for tag in dictionary.tags.values() for spelling in tag.deprecated_spellings)
    prohibited = (key for key in dictionary.prohibited_keys if "*" not in key)
    return tuple(sorted({key for key in (*old, *prohibited) if _can_be_named(key)}))


def audit_role_faults(environment: Environment, dictionary: Dictionary, facts: Facts) -> Faults:
    """Yield every fault of `audit_role` as its path and message. Raises: nothing."""
    section = environment.audit_role
    if section is None:
        return
    yield from _names(environment, section, facts)
    if section.external_id is not None and not _EXTERNAL_ID.fullmatch(section.external_id):
        rule = "must be 2 to 1224 letters, digits and _ + = , . @ : / -"
        yield (*_AT, "external_id"), f'{rule}; got "{section.external_id}". Do correct it'
    payer = environment.payer_account_id
    yield from _principals((*_AT, "principals"), section.principals, payer, "auditor")
    yield from _units(environment, section, facts)
    if section.repair:
        yield from _repair(section.repair, payer, dictionary, facts)


def _names(environment: Environment, section: AuditRole, facts: Facts) -> Faults:
    most = facts.limits["iam_role_name_characters"]
    named: dict[Path_, str | None] = {(*_AT, "name"): section.name}
    if section.repair:
        named[*_AT, "repair", "name"] = section.repair.name
    for place, name in named.items():
        if name is not None and not (len(name) <= most and _ROLE_NAME.fullmatch(name)):
            yield place, f'must be 1 to {most} letters, digits and _ + = , . @ -; got "{name}". Do rename it'
    audit, repair = audit_role_name(environment) or "", repair_role_name(environment)
    if repair and audit.lower() == repair.lower():
        yield (*_AT, "name"), f'must not be the name of the role that repairs; got "{audit}". Do rename one of them'


def _principals(at: Path_, patterns: tuple[str, ...], payer: str, example: str) -> Faults:
    wanted = re.compile(rf"arn:[a-z*-]+:iam::({re.escape(payer)}|\*):(role|user)/.+")
    for index, pattern in enumerate(patterns):
        if not wanted.fullmatch(pattern):
            rule = f'must be the ARN pattern of a role or user of the payer; got "{pattern}"'
            yield (*at, index), f'{rule}. Do write it as "arn:*:iam::{payer}:role/{example}"'


def _units(environment: Environment, section: AuditRole, facts: Facts) -> Faults:
    at: Path_ = (*_AT, "organizational_units")
    units = section.organizational_units
    for index, path in enumerate(units):
        for fault in () if path == ROOT else ou_path_faults(path, facts.limits):
            yield (*at, index), fault
        if path in units[:index]:
            yield (*at, index), f'must appear once; got "{path}" again. Do remove it'
    if units and facts.partitions.get(environment.regions.home.rsplit("-", 2)[0]) == "aws-cn":
        # docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-prereqs.html
        rule = "must be left out in China, whose StackSets do not know organisations"
        yield at, f"{rule}; got {', '.join(units)}. Do deploy the module's stack_set_template yourself"


def _repair(repair: RepairRole, payer: str, dictionary: Dictionary, facts: Facts) -> Faults:
    at: Path_ = (*_AT, "repair")
    if not repair.principals:
        example = f"arn:*:iam::{payer}:role/tag-editor"
        yield (*at, "principals"), f'must name who may repair; got none. Do write "{example}", for example'
    yield from _principals((*at, "principals"), repair.principals, payer, "tag-editor")
    known = repair_services()
    for index, service in enumerate(repair.services or ()):
        if service not in known:
            guess = nearest(service, known) or " Do choose one of modules/audit-role/actions.yaml"
            yield (*at, "services", index), f'must be a service of the module\'s actions; got "{service}".{guess}'
    if repair.services is not None and not {*repair.services} - {"tag"}:
        found = '"tag" alone' if repair.services else "none"
        yield (*at, "services"), f"must name a service; got {found}. Do name one, or leave it out for all"
    for fault in key_faults(repair.marking_key, facts.limits):
        yield (*at, "marking_key"), fault
    if unnamed := [key for key in settable_keys(dictionary, repair) if max(key, default="") > _LAST_CHARACTER]:
        rule = "must be left out where keys have letters beyond U+00FF, which IAM takes in no policy"
        yield at, f'{rule}; got "{unnamed[0]}". Do rename the key, or remove repair'


def _can_be_named(key: str) -> bool:
    return bool(key.strip()) and not bad_characters(key) and max(key) <= _LAST_CHARACTER
