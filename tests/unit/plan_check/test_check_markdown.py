import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from harness.report.check import render
from harness.report.check.markdown import LONGEST_COMMENT, marker, render_markdown
from tests.unit.plan_check.made import MIXED, NASTY, counted, finding, old, result, unknown

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
TAGS = {"details", "summary", "code", "table", "thead", "tbody", "tr", "th", "td", "pre", "h3", "p", "strong"}


class Page(HTMLParser):
    """The page that a reader gets: its elements, and its text outside and inside of code."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.prose = self.code = ""
        self.feed(RENDERER.render(text))
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 (the parser gives it)
        self.tags.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"code", "pre"} & set(self.open):
            self.code += data
        else:
            self.prose += data


def test_comment() -> None:
    made = result(*MIXED, inputs=counted("plan.json", types=("aws_new_thing",)))
    text = render(made, "markdown")
    page = Page(text)
    assert text.startswith(f"{marker('tagrail check')}\n### tagrail check: failed\n\n**2 fail, 1 unknown, 1")
    assert page.tags == TAGS
    assert page.open == []
    assert "7 resources judged, 3 not (2 deleted, 1 read); 1 unknown type: aws_new_thing" in page.prose
    assert '```hcl\ntags = {\n  "anycompany:finance:owner" = "team-a"\n}\n```\n' in text
    places = [text.index(f"<code>{name}") for name in ("aws&#95;s3", "aws&#95;instance", "aws&#95;sqs")]
    assert places == sorted(places)
    assert text.count("<details") == 3
    assert text.count("```hcl") == 3  # what two findings of a resource share stands once


@pytest.mark.parametrize("syntax", ["hcl", "yaml", "json"])
def test_a_repair_stands_in_the_syntax_of_its_file(syntax: str) -> None:
    assert f"```{syntax}\n" in render_markdown(result(finding(syntax=syntax)))


def test_a_repair_stands_once_for_all_that_it_mends() -> None:
    text = render_markdown(result(finding(), finding("wrong-value"), finding(repair="", repair_at="remove it")))
    assert text.count("```hcl") == 1
    assert "Repair: remove it." in text


def test_the_first_resources_are_open_and_the_others_folded() -> None:
    text = render_markdown(result(*(finding(address=f"aws_x.f{number}") for number in range(5))))
    assert re.findall("<details.*>", text) == ["<details open>"] * 3 + ["<details>"] * 2


@pytest.mark.parametrize(
    ("findings", "mode", "said"),
    [
        ((), "warn", "### tagrail check: passed\n"),
        ((old(),), "warn", "### tagrail check: passed\n"),
        ((finding(),), "warn", "### tagrail check: failed\n"),
        ((unknown(),), "fail", "### tagrail check: not proven\n"),
        ((unknown(),), "warn", "### tagrail check: not proven (`--unknown warn`)\n"),
    ],
)
def test_heading(findings: tuple, mode: str, said: str) -> None:
    assert said in render_markdown(result(*findings, unknown_mode=mode))


@pytest.mark.parametrize("most", [8_000, 9_999, LONGEST_COMMENT])
@pytest.mark.parametrize("text", ["x", "|" * 5000, "ü🔑" * 400, "`" * 3000, "\x1b" * 3000, '"@@@@"' * 900])
def test_comment_is_never_too_long(most: int, text: str) -> None:
    many = [
        finding(address=f"aws_x.f{number % 70}{text}", what=text, repair=text * 9, must_hold=text, input=text)
        for number in range(400)
    ]
    made = result(*many, title=text, inputs=counted(text, types=tuple(text + str(number) for number in range(30))))
    written = render_markdown(made, most=most)
    assert len(written.encode()) <= most
    left = re.search(r"^and (\d+) more \((\d+) fail, 0 unknown, 0 in the baseline\)", written, re.MULTILINE)
    shown = written.count("| **fail** |")
    assert (int(left[1]) if left else 0) + shown == 400
    assert not left or left[1] == left[2]


def test_much_of_the_room_is_used() -> None:
    many = [finding(address=f"aws_x.f{number}") for number in range(1000)]
    assert len(render_markdown(result(*many)).encode()) > LONGEST_COMMENT - 2_000


def test_too_little_room_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 8000 bytes; got 10"):
        render_markdown(result(), most=10)


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("envs/prod", "<!-- tagrail-check: envs/prod -->"),
        ("tagrail check", "<!-- tagrail-check: tagrail-check-645f6325 -->"),
        ("--> <script>", "<!-- tagrail-check: script-91a2c1d2 -->"),
        ("a--b", "<!-- tagrail-check: a-b-90827a2e -->"),
    ],
)
def test_marker(title: str, line: str) -> None:
    assert marker(title) == line
    assert render_markdown(result(title=title)).split("\n")[0] == line


def test_each_title_has_a_marker_of_its_own() -> None:
    titles = ["team a", "team-a", "-team a", "\u65e5\u672c", "\u4e2d\u6587", "x" * 120, "x" * 121]
    assert len({marker(title) for title in titles}) == len(titles)


ATTACKS = [
    NASTY,
    "<script>alert(1)</script>",
    "</code></td></table></details><h1>x</h1>",
    "<!-- x",
    "--> x",
    "&lt;img src=x&gt; &#60;img&#62;",
    "[a](javascript:alert(1)) ![b](http://evil.example/x.png) <http://evil.example>",
    "*bold* _em_ ~~gone~~ `code` $x$ **x**",
    "a | b | c\n|---|---|\n| d | e |",
    "```\n# out\n```",
    "~~~~\n</details>",
    "````hcl\n```\n````",
    "\n\n# heading\n\n- list\n\n    code\n> quote\n---\n",
    "\\`\\<b\\>",
    "'\"><img src=x>",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_text_of_outsiders_is_only_text(text: str) -> None:
    check_harmless(text)


@given(st.text("<>&|`~*_[]()!#@\\\"'\n\r \tab-:/.$%0;=", max_size=40) | st.text(st.characters(), max_size=40))
def test_any_text_is_only_text(text: str) -> None:
    check_harmless(text)


def check_harmless(text: str) -> None:
    harmed = finding(
        address=text, what=text, must_hold=text, repair=text, repair_at=text, file=text, where=text, path=text
    )
    written = render_markdown(result(harmed, title=text, inputs=counted(text, types=(text,))))
    page = Page(written)
    assert page.tags <= TAGS
    assert page.open == []
    assert written.count("\n| **fail** |") == 1
    assert "\r" not in written
    written.encode()


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("ask @octocat", "ask @\u200boctocat"),
        ("see #12", "see #\u200b12"),
        ("GH-12", "GH\u200b-12"),
        ("team:key:x", "team:\u200bkey:x"),
        ("http://evil.example", "http:\u200b//evil.example"),
        ("WWW.evil.example", "WWW\u200b.evil.example"),
        ("!12 $3 ~label &1", "!\u200b12 $\u200b3 ~\u200blabel &\u200b1"),
    ],
)
def test_nobody_is_called_and_nothing_linked(text: str, broken: str) -> None:
    page = Page(render_markdown(result(finding(what=text, path=text))))
    assert broken in page.prose
    assert text in page.code  # where nothing is looked for


@pytest.mark.parametrize("text", ["a@b.example", "http://b.example", "www.b.example"])
def test_code_holds_no_address_that_github_would_link(text: str) -> None:
    written = render_markdown(result(finding(address=text, path=text, file=text, repair="")))
    assert written.replace("&#64;", "@").count(text) == 0
    assert Page(written).code.count(text) == 3


def test_quoted_values_can_be_copied() -> None:
    page = Page(render_markdown(result(finding(what='The tag "team:key:x" holds "@ops".', repair=""))))
    assert "team:key:x" in page.code
    assert "@ops" in page.code
