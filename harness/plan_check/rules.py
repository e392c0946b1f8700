"""Hold the rules of the check: what each is called, how much it weighs, and why it is one.

The order is the order of importance: reports put the findings of an earlier rule before those of a later one.
"""

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

Level = Literal["error", "warning", "note"]


class Rule(msgspec.Struct, frozen=True):
    """Hold one rule.

    `title` says in a few words what is wrong, `help` in one or two sentences what follows from it and what to do.
    `weakens`: a finding takes governance away. No baseline covers it; only `--allow-weakening` with a reason does.
    """

    title: str
    level: Level
    help: str
    weakens: bool = False


def _weakening(title: str, text: str) -> Rule:
    return Rule(title, "error", text, weakens=True)


RULES: Final[Mapping[str, Rule]] = {
    "policy-weakened": _weakening(
        "A tag policy or control policy is loosened or detached",
        "What it required is no longer enforced on the accounts below its target. "
        "Do keep the policy, or give the reason with --allow-weakening.",
    ),
    "key-unwatched": _weakening(
        "A tag key is watched no more",
        "Nothing reports any longer where this key is missing or wrong. Do keep the key in the policy and the Config "
        "rule, or give the reason with --allow-weakening.",
    ),
    "cost-tag-deactivated": _weakening(
        "A cost allocation tag is deactivated",
        "Cost data from then on cannot be split by this key, and AWS fills it in again only for twelve months back. Do "
        "keep it active, or give the reason with --allow-weakening.",
    ),
    "budget-raised": _weakening(
        "A budget's limit is raised",
        "Alerts come later than they do today. Do keep the limit, or give the reason with --allow-weakening.",
    ),
    "subscriber-dropped": _weakening(
        "A subscriber of an alert is dropped",
        "Someone who hears of overspending today will not hear of it. Do keep the subscriber, or give the reason with "
        "--allow-weakening.",
    ),
    "exemption-widened": _weakening(
        "An exemption is widened",
        "More resources, keys or days are exempt than today. Do keep the exemption as narrow as it is, or give the "
        "reason with --allow-weakening.",
    ),
    "export-narrowed": _weakening(
        "An export of the bill holds less, or goes",
        "Costs of the time without cannot be reported by tag later. Do keep its columns and rows, or give the reason "
        "with --allow-weakening.",
    ),
    "guardrail-denies": Rule(
        "The guardrail would deny the call that creates the resource",
        "error",
        "A service control policy or IAM policy denies creates without the mandatory tags, or with wrong values, so "
        "the apply would fail. Do write the tag on the resource itself, where it is part of the call that creates it.",
    ),
    "personal-data": Rule(
        "A tag holds personal data",
        "error",
        "Tags are not encrypted and are shown in bills, logs and to many services. Do write a team's name or an id "
        "instead of data of a person.",
    ),
    "reserved-key": Rule(
        "A tag key has a prefix that AWS reserves",
        "error",
        "AWS refuses keys that begin with aws: in any capitalisation. Do name the key differently.",
    ),
    "tag-count": Rule(
        "A resource has more tags than AWS allows",
        "error",
        "AWS refuses the call. Do remove tags, those of the provider's default_tags included.",
    ),
    "malformed-tags": Rule(
        "Tags are not written as the type takes them",
        "error",
        "CloudFormation refuses the template. Do write them as a list of Key and Value, or as a map, as the "
        "type wants.",
    ),
    "duplicate-key": Rule(
        "A tag key is written twice",
        "error",
        "AWS refuses two tags with one key, or the last one wins unseen. Do keep one of the two.",
    ),
    "key-length": Rule(
        "A tag key is empty or too long",
        "error",
        "AWS refuses it. Do write a key of 1 to 128 characters.",
    ),
    "key-characters": Rule(
        "A tag key has characters that AWS refuses",
        "error",
        "AWS allows letters, digits, spaces and _ . : / = + - @ in keys; EC2 takes any, which is no finding there. "
        "Do replace the others.",
    ),
    "value-length": Rule(
        "A tag value is too long",
        "error",
        "AWS refuses it. Do shorten the value.",
    ),
    "value-characters": Rule(
        "A tag value has characters that AWS refuses",
        "error",
        "AWS allows letters, digits, spaces and _ . : / = + - @ in values; EC2 takes any, which is no finding there. "
        "Do replace the others.",
    ),
    "missing-key": Rule(
        "A mandatory tag is missing",
        "error",
        "What the resource costs cannot be allocated, and whom to ask is not known. Do add the tag, best in the "
        "provider's default_tags where it is the same for everything.",
    ),
    "not-propagated": Rule(
        "Tags do not reach what the resource makes",
        "error",
        "What it makes, such as volumes, tasks or instances, is billed without these tags. Do set the argument that "
        "propagates them, or write the tags there too.",
    ),
    "key-case": Rule(
        "A tag key is written in another case",
        "error",
        "Keys are case sensitive: AWS, Cost Explorer and policies take this for another key. Do write it as the "
        "dictionary does.",
    ),
    "value-case": Rule(
        "A tag value is written in another case",
        "error",
        "Values are case sensitive: cost reports show two values for one thing. Do write it as the dictionary does.",
    ),
    "empty-value": Rule(
        "A tag of the dictionary has no value",
        "error",
        "An empty value allocates nothing. Do write a value.",
    ),
    "wrong-value": Rule(
        "A tag value is not an allowed one",
        "error",
        "The dictionary lists the values of this key. Do write one of them, or have the dictionary extended.",
    ),
    "value-pattern": Rule(
        "A tag value does not match its pattern",
        "error",
        "The dictionary gives the form of this key's values. Do write a value of that form.",
    ),
    "prohibited-key": Rule(
        "A tag key is prohibited",
        "error",
        "The dictionary forbids this key. Do remove it.",
    ),
    "expired-exemption": Rule(
        "An exemption has expired",
        "error",
        "The resource was exempt until a day that has passed. Do add the tags, or have the exemption renewed.",
    ),
    "deprecated-key": Rule(
        "A tag key has a deprecated spelling",
        "warning",
        "Reports and policies look for the new spelling. Do rename the key.",
    ),
    "unknown-key": Rule(
        "Whether a mandatory tag will be there is not known before apply",
        "warning",
        "It cannot be proven that the resource carries it. Do write the key where the plan can see it, or give it "
        "in the provider's default_tags.",
    ),
    "unknown-value": Rule(
        "A tag's value is not known before apply",
        "warning",
        "It cannot be proven that it is right. Do write it as a constant, or as a variable with a known value.",
    ),
    "unknown-propagation": Rule(
        "Whether tags are propagated is not known before apply",
        "warning",
        "It cannot be proven that the tags reach what the resource makes. Do write the argument as a constant.",
    ),
}
RANKS: Final[Mapping[str, int]] = {name: rank for rank, name in enumerate(RULES)}
