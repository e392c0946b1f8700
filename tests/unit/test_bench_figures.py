from xml.etree import ElementTree

from tests.bench.figures import chart, table, totals

SECONDS = {
    "tagrail": {"plan": [1.0, 2.0, 9.0], "apply": [3.0, 3.0, 3.0]},
    "terraform": {"plan": [4.0, 4.0, 5.0], "apply": [6.0, 7.0, 6.0]},
}


def test_the_table_shows_medians_ranges_and_how_many_times_as_long() -> None:
    assert table(SECONDS, "tagrail").splitlines() == [
        "| | plan | apply | full cycle | times tagrail |",
        "|---|---|---|---|---|",
        "| tagrail | 2.0 (1.0 to 9.0) | 3.0 (3.0 to 3.0) | 5.0 (4.0 to 12.0) | 1.00 |",
        "| terraform | 4.0 (4.0 to 5.0) | 6.0 (6.0 to 7.0) | 11.0 (10.0 to 11.0) | 2.20 |",
    ]


def test_a_cycle_is_the_sum_of_its_round() -> None:
    assert totals(SECONDS["tagrail"]) == [4.0, 5.0, 12.0]


def test_the_chart_has_a_bar_as_long_as_the_median_for_each_step() -> None:
    boxes = [box for box in ElementTree.fromstring(chart(SECONDS)).iter() if box.tag.endswith("rect")]  # noqa: S314 (our own text)
    widths = [float(box.attrib["width"]) for box in boxes if len(box)]
    assert [round(width / widths[0] * 2, 1) for width in widths] == [2.0, 3.0, 4.0, 6.0]
