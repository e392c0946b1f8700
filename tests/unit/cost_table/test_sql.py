"""The SQL of Data Exports: what is taken, what is refused, and that nothing crashes the parser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.cost_table import StatementError, filter_fault, load_cost_tables, parse_statement, render_statement

TYPES = {"BilledCost": "double", "ServiceName": "string", "Tags": "map<string,string>", "Day": "timestamp"}
TABLES = {"T": TYPES}
CONDITIONS = st.recursive(
    st.sampled_from(["BilledCost > 0", "ServiceName = 'a b'", "ServiceName NOT IN ('(', 'or')", "BilledCost<>-0.5"]),
    lambda inner: st.one_of(
        st.builds("({})".format, inner),
        st.builds("NOT {}".format, inner),
        st.builds("{} AND {}".format, inner, inner),
        st.builds("{} or ({})".format, inner, inner),
    ),
    max_leaves=20,
)


@given(CONDITIONS)
def test_what_is_built_of_conditions_is_a_filter(text: str) -> None:
    assert filter_fault(text, TYPES) is None
    statement = parse_statement(render_statement(TYPES, "T", text), TABLES)
    assert (statement.where, [source for source, _ in statement.columns]) == (text, list(TYPES))


@given(CONDITIONS, st.sampled_from("()"))
def test_a_parenthesis_more_is_none(text: str, sign: str) -> None:
    assert filter_fault(text + sign, TYPES)


@given(
    st.text()
    | st.lists(st.sampled_from(["(", ")", "IN", "NOT", "AND", "BilledCost", "=", "0", "'a'", ","])).map(" ".join)
)
def test_any_text_gets_a_verdict(text: str) -> None:
    fault = filter_fault(text, TYPES)
    assert fault is None or (fault.startswith("must ") and ". D" in fault)


def test_no_depth_is_too_deep() -> None:
    assert filter_fault("(" * 10_000 + "BilledCost > 0" + ")" * 10_000, TYPES) is None


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM T",
        "SELECT FROM T",
        "SELECT Cost FROM T",
        "SELECT BilledCost FROM U",
        "SELECT BilledCost.x FROM T",
        "SELECT Tags AS 'x' FROM T",
        "SELECT BilledCost FROM T WHERE",
        "SELECT BilledCost FROM T LIMIT x",
        "SELECT BilledCost FROM T; SELECT Tags FROM T",
        "",
    ],
)
def test_what_data_exports_does_not_document_is_refused(text: str) -> None:
    with pytest.raises(StatementError, match=r"^must "):
        parse_statement(text, TABLES)


def test_parts_of_maps_and_other_names_are_columns_too() -> None:
    found = parse_statement("select Tags.team as team, Tags.stage, BilledCost AS Cost from T limit 5", TABLES)
    assert found.columns == (("Tags.team", "team"), ("Tags.stage", "stage"), ("BilledCost", "Cost"))
    assert found.limit == 5


def test_tables_hold_each_column_once_and_what_reports_need() -> None:
    for table in load_cost_tables().values():
        names = [each.name for each in table.columns]
        assert len(set(names)) == len(names), table.key
        assert set(table.needed) <= set(names), table.key
        assert {each.setting for each in table.columns} - {None} <= table.settings.keys(), table.key
        assert {each.type for each in table.columns} <= {
            "string",
            "double",
            "timestamp",
            "map<string,string>",
            "map<string,double>",
        }
