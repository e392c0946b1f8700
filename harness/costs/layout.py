"""Recognise what a bill's columns are: AWS's Cost and Usage Report, old or 2.0, or FOCUS; nobody has to say it."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

from harness.errors import TagrailError

Kind = Literal["cur", "focus"]

_SHOWN = 8
_TAGS_OLD = re.compile(r"resource_?tags[/_](?P<key>.+)", re.IGNORECASE)
_CATEGORY_OLD = re.compile(r"cost_?category[/_](?P<key>.+)", re.IGNORECASE)
# The newest version whose columns are there: focus.finops.org/focus-specification (columns that each version added).
_FOCUS_VERSIONS: Final = (
    ("0.5", ("chargetype", "billedcurrency", "amortizedcost", "invoiceissuer")),
    ("1.3", ("serviceprovidername", "hostprovidername", "allocatedmethodid")),
    ("1.2", ("billingaccounttype", "pricingcurrency", "invoiceid")),
    ("1.1", ("capacityreservationid", "commitmentdiscountquantity", "skumeter", "servicesubcategory")),
)


class Layout(NamedTuple):
    """Say how a file writes a bill.

    `columns` maps names as FOCUS (lower case) or the report's Athena table writes them to the file's own. `tags` maps
    tag keys, as far as the file tells them, to columns of their own; `tag_map` is the one column that holds all,
    "" without one. Cost categories likewise. `further` are the columns that nothing here reads.
    """

    kind: Kind
    version: str
    columns: Mapping[str, str]
    tags: Mapping[str, str]
    tag_map: str
    categories: Mapping[str, str]
    category_map: str
    further: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return what people call it."""
        return f"FOCUS {self.version}" if self.kind == "focus" else f"CUR {self.version}"

    def renamed(self, names: Mapping[str, str]) -> "Layout":
        """Return the layout with the file's columns under other names. Raises: KeyError for a column without one."""
        columns, tags, categories = (
            {key: names[column] for key, column in held.items()} for held in (self.columns, self.tags, self.categories)
        )
        return self._replace(
            columns=columns,
            tags=tags,
            categories=categories,
            tag_map=names.get(self.tag_map, ""),
            category_map=names.get(self.category_map, ""),
            further=tuple(names[name] for name in self.further),
        )


def snake(name: str) -> str:
    """Return a column of a Cost and Usage Report as its Athena table writes it.

    docs.aws.amazon.com/cur/latest/userguide/cur-ate-run.html

    >>> snake("lineItem/UsageAccountId"), snake("savingsPlan/SavingsPlanARN"), snake("resourceTags/user:Cost Center")
    ('line_item_usage_account_id', 'savings_plan_savings_plan_a_r_n', 'resource_tags_user_cost_center')
    """
    apart = re.sub(r"(?<![A-Z/:_ ])(?=[A-Z])|(?<=[A-Z])(?=[A-Z])", "_", name)
    return re.sub(r"_+", "_", re.sub(r"[^A-Za-z0-9]", "_", apart)).lower().strip("_")


def mangled(key: str) -> str:
    """Return a key as bills write it whose columns are letters, digits and underscores.

    docs.aws.amazon.com/cur/latest/userguide/cur-ate-run.html

    >>> mangled("anycompany:workload:application-id")
    'anycompany_workload_application_id'
    """
    return re.sub(r"[^a-z0-9]+", "_", key.lower()).strip("_")


def recognise(names: Sequence[str], where: str) -> Layout:
    """Return the layout of a file with these columns.

    Raises: TagrailError naming the file for columns that are of no bill of AWS, or of one without costs.
    """
    focus = {name.lower(): name for name in names}
    reports = {snake(name): name for name in names if not _TAGS_OLD.match(name) and not _CATEGORY_OLD.match(name)}
    if {"line_item_unblended_cost", "line_item_blended_cost"} & reports.keys():
        return _report(names, reports)
    if {"billedcost", "effectivecost"} & focus.keys():
        return _focus(names, focus)
    shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    rule = "must have costs: lineItem/UnblendedCost (CUR 1), line_item_unblended_cost (CUR 2.0) or BilledCost (FOCUS)"
    raise TagrailError(f"{where}: {rule}; got {shown or 'no columns'}. Do name a bill of AWS, exported with its costs")


def _report(names: Sequence[str], columns: Mapping[str, str]) -> Layout:
    tag_map = columns.get("resource_tags") or columns.get("tags") or ""
    category_map = columns.get("cost_category", "")
    tags, categories = _wide(names, _TAGS_OLD), _wide(names, _CATEGORY_OLD)
    version = "1" if tags or any("/" in name for name in names) else "2.0"
    read = {*tags.values(), *categories.values()}
    return Layout(
        "cur", version, columns, tags, tag_map, categories, category_map, tuple(n for n in names if n not in read)
    )


def _wide(names: Sequence[str], pattern: re.Pattern[str]) -> dict[str, str]:
    """Return key -> column, of tags or cost categories that have columns of their own."""
    return {found["key"]: name for name in names if (found := pattern.fullmatch(name))}


def _focus(names: Sequence[str], columns: Mapping[str, str]) -> Layout:
    version = next((version for version, marks in _FOCUS_VERSIONS if any(one in columns for one in marks)), "1.0")
    return Layout(
        "focus",
        version,
        columns,
        {},
        columns.get("tags", ""),
        {},
        columns.get("x_costcategories", ""),
        tuple(names),
    )
