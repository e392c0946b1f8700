"""Make plans of any size of the entries of a real one, tests/bench/plan/plan.json, which tests/bench/template.py made.

A plan is services of 19 resources each: sixteen of twenty are new, three change, one stays. Every service and all that
is named after it has a name of its own. One resource in a hundred gets one of FAULTS, in turn. The bytes are shared
between resource_changes, planned_values, prior_state and configuration as in plans of real projects.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import IO, Any

TEMPLATE = Path(__file__).with_name("plan") / "plan.json"
EVERY = 100  # resources, of which one has a fault
_NEW, _CHANGED, _SAME = "svc-00000", "svc-00001", "svc-00002"
_KINDS = (*[_NEW] * 8, _CHANGED, *[_NEW] * 4, _CHANGED, _SAME, *[_NEW] * 4, _CHANGED)

_OWNER = '"anycompany:finance:owner":"team-checkout"'
_UNIT = '"anycompany:finance:business-unit":"Retail"'
FAULTS = {
    "missing-key": (f"{_OWNER},", ""),
    "key-case": (_OWNER, '"anycompany:finance:Owner":"team-checkout"'),
    "deprecated-key": (_OWNER, '"team":"team-checkout"'),
    "reserved-key": (_OWNER, f'{_OWNER},"aws:team":"checkout"'),
    "empty-value": (_OWNER, '"anycompany:finance:owner":""'),
    "personal-data": (_OWNER, '"anycompany:finance:owner":"jane.doe@example.com"'),
    "value-characters": (_OWNER, '"anycompany:finance:owner":"team;checkout"'),
    "value-length": (_OWNER, f'"anycompany:finance:owner":"{"team" * 70}"'),
    "wrong-value": (_UNIT, '"anycompany:finance:business-unit":"Marketing"'),
    "value-case": (_UNIT, '"anycompany:finance:business-unit":"retail"'),
    "value-pattern": ('application-id":"checkout-basket"', 'application-id":"Checkout_Basket"'),
    "unknown-key": ("", ""),
}


@dataclass(frozen=True, slots=True)
class _Row:
    """Hold a resource as text: its entries in resource_changes, planned_values and prior_state ("" for none)."""

    change: str
    planned: str
    prior: str

    def of(self, old: str, new: str) -> "_Row":
        return _Row(*(text.replace(old, new) for text in (self.change, self.planned, self.prior)))


class _Template:
    """Hold the kept plan: rows and data sources of each kind of service, and the configuration."""

    def __init__(self) -> None:
        kept = json.loads(TEMPLATE.read_text(encoding="utf-8"))
        self.rows = {kind: _of(kept["resource_changes"], kind, _row) for kind in (_NEW, _CHANGED, _SAME)}
        self.data = {kind: _of(kept["data"], kind, _text) for kind in (_NEW, _CHANGED, _SAME)}
        self.configuration = _text(kept["configuration"])


def _of(entries: list[dict[str, Any]], kind: str, make: Any) -> list[Any]:
    return [make(each) for each in entries if f'"{kind}"' in each["address"]]


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _row(entry: dict[str, Any]) -> _Row:
    change = entry["change"]
    named = {name: entry[name] for name in ("address", "mode", "type", "name", "provider_name")}
    planned = {**named, "schema_version": 1, "values": change["after"], "sensitive_values": change["after_sensitive"]}
    prior = {**named, "schema_version": 1, "values": change["before"], "sensitive_values": change["before_sensitive"]}
    return _Row(_text(entry), _text(planned), _text(prior) if change["before"] else "")


def write_plan(file: Path, resources: int) -> None:
    """Write a plan of that many resources; the same one each time, piece by piece."""
    template = _Template()
    with file.open("w", encoding="utf-8") as out:
        out.write('{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_module":{')
        modules = (_module(name, [row.planned for row in rows]) for name, _, rows in _services(template, resources))
        _write_list(out, "child_modules", modules)
        out.write("}},")
        _write_list(
            out, "resource_changes", (row.change for _, _, rows in _services(template, resources) for row in rows)
        )
        out.write(',"prior_state":{"format_version":"1.0","terraform_version":"1.11.4","values":{"root_module":{')
        _write_list(out, "child_modules", _prior(template, resources))
        out.write(
            f'}}}}}},"configuration":{template.configuration},"applyable":true,"complete":true,"errored":false}}\n'
        )


def _prior(template: _Template, resources: int) -> Iterator[str]:
    for name, kind, rows in _services(template, resources):
        data = [text.replace(kind, name) for text in template.data[kind]]
        yield _module(name, [*data, *(row.prior for row in rows if row.prior)])


def _services(template: _Template, resources: int) -> Iterator[tuple[str, str, list[_Row]]]:
    """Yield name, kind and rows of each service, with the faults."""
    made = faulty = 0
    faults = cycle(FAULTS)
    fault = next(faults)
    for number, kind in enumerate(cycle(_KINDS)):
        name = f"svc-{number + 3:05d}"
        rows = [row.of(kind, name) for row in template.rows[kind][: resources - made]]
        if not rows:
            return
        for index, row in enumerate(rows):
            made += 1
            if made > faulty * EVERY and (worse := _with_fault(row, fault)) != row:
                rows[index], fault, faulty = worse, next(faults), faulty + 1
        yield name, kind, rows


def _with_fault(row: _Row, fault: str) -> _Row:
    """Return a row with a fault; the same row where it cannot have it."""
    if fault != "unknown-key":
        return row.of(*FAULTS[fault])
    entry = json.loads(row.change)
    after, unknown = entry["change"]["after"], entry["change"]["after_unknown"]
    if "tags_all" not in after or entry["change"]["actions"] == ["no-op"]:
        return row
    after.pop("tags", None)
    after.pop("tags_all")
    unknown |= {"tags": True, "tags_all": True}
    return _row(entry)


def _module(name: str, resources: list[str]) -> str:
    address = _text(f'module.service["{name}"]')
    return f'{{"resources":[{",".join(resources)}],"address":{address}}}'


def _write_list(out: IO[str], name: str, items: Iterator[str]) -> None:
    out.write(f'"{name}":[')
    for index, item in enumerate(items):
        out.write(f",{item}" if index else item)
    out.write("]")
