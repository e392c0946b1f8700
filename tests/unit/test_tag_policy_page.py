"""The file of tag-policy types is rebuilt from a saved copy of AWS's page, in HTML or Markdown."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.policy.tag_policy_types import ELEMENTS
from harness.tag_policy_page import TYPES_FILE, PageError, main, rebuilt, render

BEFORE: Mapping[str, Any] = {
    "source": "docs",
    "date": "2026-11",
    "services": {"apple": {"both": ["core", "peel"]}, "gone": {"enforced_for": ["thing"], "old": ["older"]}},
}

MARKDOWN = """
Some words before, with a | in them and no row.

| Service | Tag policy syntax | CloudFormation alias | Reporting | Enforcement | Reporting | Enforce for IaC |
| :--- | :--- | :--- | :--- | :--- | :--- | :--- |
| `Apple [apple]` | `apple:core` | `AWS::Apple::Core` | `Yes` | `Yes` | `Yes` | `Yes` |
| `apple:seed/germ` | `N/A` | `Yes` | `No` | `Yes` | `Yes` | |
| `apple:Leaf` | `N/A` | `Yes` | `Yes` | `No` | `No` | |
| `apple:stem:bark` | `N/A` | `Yes` | `No` | `No` | `No` | |
| `apple:ALL_SUPPORTED` | `N/A` | `No` | `Yes` | `No` | `No` | |
| `Pear [pear]` | `pear:core` | `N/A` | `Yes` | `No` | `Yes` | `Yes` |
| `pear:core` | `AWS::Pear::Core` | `Yes` | `Yes` | `No` | `No` | |
"""

EXPECTED = {
    "apple": {
        "whole": ["enforced_for"],
        "both": ["core"],
        "enforced_for": ["leaf"],
        "report_required_tag_for": ["seed/germ"],
        "neither": ["stem:bark"],
        "old": ["peel"],
    },
    "gone": {"old": ["older", "thing"]},
    "pear": {"both": ["core"]},
}


def html(markdown: str) -> str:
    """Return the rows as AWS's page has them: the service's cell spans rows, texts stand in <code>."""
    rows = [line.strip().strip("|").split("|") for line in markdown.splitlines() if line.startswith("| `")]
    body = "".join(
        "<tr>" + "".join(f"\n<td rowspan='2'><p><code class='c'>{c.strip(' `')}</code></p></td>" for c in row) + "</tr>"
        for row in rows
    )
    return f"<html><table><thead><tr><th>Service</th></tr></thead>{body}</table></html>"


@pytest.mark.parametrize("page", [MARKDOWN, html(MARKDOWN)], ids=["markdown", "html"])
def test_a_page_is_read(page: str) -> None:
    content = rebuilt(page, BEFORE, "2027-02")
    assert content["services"] == EXPECTED
    assert content["date"] == "2027-02"
    assert content["source"] == "docs"


def test_a_type_that_comes_back_is_old_no_more() -> None:
    before = {**BEFORE, "services": {"pear": {"old": ["core"]}}}
    assert rebuilt(MARKDOWN, before, "2027-02")["services"]["pear"] == {"both": ["core"]}


def test_what_is_written_is_what_was_read() -> None:
    content = rebuilt(MARKDOWN, BEFORE, "2027-02")
    assert yaml.safe_load(render(content)) == content


def page_of(content: Mapping[str, Any]) -> str:
    """Return a table that says what the file says."""
    lines = []
    for service, row in content["services"].items():
        kinds = dict.fromkeys(row.get("both", ()), ("Yes", "Yes"))
        kinds |= dict.fromkeys(row.get(ELEMENTS[0], ()), ("Yes", "No"))
        kinds |= dict.fromkeys(row.get(ELEMENTS[1], ()), ("No", "Yes"))
        kinds |= dict.fromkeys(row.get("neither", ()), ("No", "No"))
        if "whole" in row:
            flags = ["Yes" if element in row["whole"] else "No" for element in ELEMENTS]
            kinds["ALL_SUPPORTED"] = (flags[0], flags[1])
        lines += [f"| {service}:{kind} | N/A | Yes | {one} | {two} | {two} |" for kind, (one, two) in kinds.items()]
    return "\n".join(lines)


def test_the_file_that_ships_is_what_a_page_with_its_types_gives() -> None:
    text = TYPES_FILE.read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    assert render(rebuilt(page_of(content), content, content["date"])) == text


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("no table at all", "must hold the table of types"),
        ("| `apple:core` | `Yes` | `No` |", 'row "apple:core": must have 4 cells of Yes or No; got 2'),
    ],
)
def test_a_page_that_cannot_be_read_says_why(page: str, words: str) -> None:
    with pytest.raises(PageError, match=words):
        rebuilt(page, BEFORE, "2027-02")


def test_the_command_rewrites_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, file = tmp_path / "page.md", tmp_path / "types.yaml"
    page.write_text(MARKDOWN, encoding="utf-8")
    file.write_text(yaml.safe_dump(BEFORE), encoding="utf-8")
    assert main([str(page), "--date", "2027-02", "--file", str(file)]) == 0
    assert yaml.safe_load(file.read_text(encoding="utf-8"))["services"] == EXPECTED
    page.write_text("nothing", encoding="utf-8")
    assert main([str(page), "--date", "2027-03", "--file", str(file)]) == 2
    assert "Do save the whole page" in capsys.readouterr().err
    assert yaml.safe_load(file.read_text(encoding="utf-8"))["date"] == "2027-02"
