"""Render AWS Config custom policies in the Guard language (cloudformation-guard 2.x), equal to the HCL modules."""

from collections.abc import Callable
from dataclasses import dataclass

_ESCAPED = {".": r"\.", "+": r"\+", "/": r"\/"}


@dataclass(frozen=True, slots=True)
class TagCheck:
    """Say what a tag's value must be: one of `values` (empty = any) and, whole, `pattern`."""

    values: tuple[str, ...]
    pattern: str | None


def presence_block(key: str, check: TagCheck) -> str:
    """Return the clauses that demand the key, a value, and an allowed value."""
    return "\n".join([f"  {_tag(key)} !empty <<{key} is missing>>", *_clauses(key, check, "  ")])


def value_block(key: str, check: TagCheck) -> str:
    """Return the clauses that judge the value of a key that is there."""
    return "\n".join([f"  when {_tag(key)} !empty {{", *_clauses(key, check, "    "), "  }"])


def _tag(key: str) -> str:
    """Return the query for exactly this key: `tags.'CostCenter'` would find cost-center and costCenter too."""
    return f"tags[ keys == '{key}' ]"


def _clauses(key: str, check: TagCheck, indent: str) -> list[str]:
    tag = f"{indent}{_tag(key)}"
    clauses = [rf"{tag} != /^\s*$/ <<{key} is empty>>"]
    if check.values:
        listed = ", ".join(map(_literal, check.values))
        clauses.append(f"{tag} IN [{listed}] <<{key} has a value that is not allowed>>")
    if check.pattern is not None:
        pattern = check.pattern.replace("/", r"\/")
        clauses.append(f"{tag} == /^({pattern})$/ <<{key} does not match its pattern>>")
    return clauses


def _literal(value: str) -> str:
    r"""Return a value as Guard text; `*` makes it a regular expression over the whole value.

    >>> print(_literal("dev"), _literal("v1.*"))
    "dev" /^v1\..*$/
    """
    if "*" not in value:
        return f'"{value}"'
    return "/^" + "".join(".*" if part == "*" else _ESCAPED.get(part, part) for part in value) + "$/"


def guard_policy(rule: str, blocks: list[str]) -> str:
    """Return one rule that holds when every block holds."""
    return "\n".join([f"rule {rule} {{", *blocks, "}"])


Block = Callable[[str, TagCheck], str]
