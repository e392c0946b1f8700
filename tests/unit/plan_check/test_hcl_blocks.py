"""The scanner of HCL and JSON: exact on what is legal, and at an end with everything else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.plan_check.hcl_blocks import Block, scan_blocks
from harness.plan_check.hcl_json import scan_json


def resource(name: str, line: int, tags: int = 0) -> Block:
    return Block("resource", ("x", name), line, tags)


AFTER = 'resource "x" "after" {}\n'
# Each holds what looks like a block and is none, or ends where a naive reader would not see it.
DECOYS = {
    "line comments": '# resource "x" "y" {\n// resource "x" "y" {\n',
    "block comment": '/* resource "x" "y" {\n * } */\n',
    "comment with stars": "/***/ /* ** / **/\n",
    "brace in a comment": "locals { # {\n a = 1 // {\n b = 2 /* { */\n}\n",
    "brace in a string": 'locals { a = "{" }\n',
    "escaped quote": 'locals { a = "\\"{" }\n',
    "escaped backslash": 'locals { a = "\\\\" }\n',
    "comment sign in a string": 'locals { a = "# // /*" }\n',
    "interpolation": 'locals { a = "${b}" }\n',
    "string in an interpolation": 'locals { a = "x${f("}", "{")}y" }\n',
    "interpolation in an interpolation": 'locals { a = "${f("${g({ b = "}" })}")}" }\n',
    "comment in an interpolation": 'locals { a = "${ b /* } */ }" }\n',
    "escaped interpolation": 'locals { a = "$${" }\nlocals { b = "%%{" }\n',
    "dollars": 'locals { a = "$" }\nlocals { b = "$$" }\nlocals { c = "100%" }\n',
    "directive": 'locals { a = "%{ if b }{%{ else }}%{ endif }" }\n',
    "heredoc": 'locals {\n a = <<EOT\nresource "x" "y" {\n"\nEOT\n}\n',
    "indented heredoc": 'locals {\n a = <<-EOT\n   resource "x" "y" {\n   EOT\n}\n',
    "heredoc with another marker inside": "locals {\n a = <<A\nB\n  A B\nAA\n{\nA\n}\n",
    "heredoc in a call": "locals {\n a = f(<<-E\n {\n E\n , 1)\n}\n",
    "interpolation in a heredoc": 'locals {\n a = <<E\n${f("}")}\n$${\n%{ for x in y ~}\n{\n%{ endfor }\nE\n}\n',
    "heredoc in an interpolation": 'locals {\n a = "${<<E\n{\nE\n}"\n}\n',
    "marker inside of an interpolation": "locals {\n a = <<E\n${f(\nE\n)}\nE\n}\n",
    "windows line ends": "locals {\r\n a = <<E\r\n{\r\nE\r\n}\r\n",
    "lists and calls": "locals { a = [for b in c : { d = e[0] }] }\n",
    "nested blocks": 'terraform {\n backend "s3" {}\n required_providers { aws = { source = "x" } }\n}\n',
    "other blocks": 'variable "resource" {}\noutput "x" { value = { resource = 1 } }\n',
    "a move": "moved {\n from = a.b\n to = c.d\n}\n",
    "an attribute": 'resource = { a = 1 }\nresource "x" = 1\n',
    "a header of one label": 'resource "x" {}\nmodule "a" "b" {}\n',
}


@pytest.mark.parametrize("name", DECOYS)
def test_only_blocks_are_found(name: str) -> None:
    text = DECOYS[name]
    assert list(scan_blocks(text + AFTER)) == [resource("after", text.count("\n") + 1)]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ('resource "x" "y" {}', [resource("y", 1)]),
        ('resource "x" "y" { tags = {} }', [resource("y", 1, 1)]),
        ("resource x y {\n}", [resource("y", 1)]),
        ('resource /* a */ "x" "y" {}', [resource("y", 1)]),
        ('resource"x""y"{tags={}}', [resource("y", 1, 1)]),
        ('\n\n  resource\t"x"  "y"\t{\n\n    tags = local.tags\n}', [resource("y", 3, 5)]),
        ('resource "x" "y" {\n  tags_all = 1\n  my-tags = 2\n  b = var.tags\n}', [resource("y", 1)]),
        ('resource "x" "y" {\n  a = b.tags == 1\n  c = tags == 2\n}', [resource("y", 1)]),
        ('resource "x" "y" {\n  root { tags = {} }\n  m = { tags = 1 }\n}', [resource("y", 1)]),
        ('resource "x" "y" {\n  a {\n  }\n  tags   = {\n  }\n}', [resource("y", 1, 4)]),
        ('resource "x" "y" {\n  # tags = {}\n  a = "tags = {}"\n}', [resource("y", 1)]),
        ('resource "x" "a" {}\nresource "x" "b" {}', [resource("a", 1), resource("b", 2)]),
        ('data "x" "y" {}', [Block("data", ("x", "y"), 1)]),
        ('module "m" {\n source = "./a"\n tags = {}\n}', [Block("module", ("m",), 1, 3, "./a")]),
        ('module "m" {\n a = { source = "./b" }\n}', [Block("module", ("m",), 1)]),
        ('module "m" {\n source = "${path.module}/a"\n}', [Block("module", ("m",), 1)]),
        ('resource "x" "y" {', [resource("y", 1)]),
        ('resource "x" "y" {\n a = "unclosed\n tags = {}\n}\n' + AFTER, [resource("y", 1, 3), resource("after", 5)]),
        ("", []),
    ],
)
def test_blocks(text: str, blocks: list[Block]) -> None:
    assert list(scan_blocks(text)) == blocks


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ('{"resource": {"x": {"y": {}}}}', [resource("y", 1)]),
        ('{"resource": [{"x": [{"y": [{"tags": {}}]}]}]}', [resource("y", 1, 1)]),
        ('{\n"resource": {"x": {\n"a": {},\n"b": {\n"tags":1}}}}', [resource("a", 3), resource("b", 4, 5)]),
        ('{"resource": {"x": {"y": {"z": {"tags": 1}}}}}', [resource("y", 1)]),
        ('{"resource": {"x": {"y": {"name": "tags"}}}, "tags": 1}', [resource("y", 1)]),
        ('{"//": {"resource": {"x": {"y": {}}}}, "resource": {"x": {"//": "note"}}}', []),
        ('{"data": {"x": {"y": {}}}}', [Block("data", ("x", "y"), 1)]),
        ('{"module": {"m": {"source": "./a", "b": {"source": "c"}}}}', [Block("module", ("m",), 1, 0, "./a")]),
        ('{"module": {"m": [{"a": "{", "source": "./\\u0061"}]}}', [Block("module", ("m",), 1, 0, "./a")]),
        ('{"locals": {"a": "\\"{\\"resource\\": {"}, "resource": {"x": {"y": {}}}}', [resource("y", 1)]),
        ('{"resource": {"x": {"y"', []),
        ("]}]}", []),
        ("", []),
    ],
)
def test_json_blocks(text: str, blocks: list[Block]) -> None:
    assert scan_json(text) == blocks


SIGNS = [
    '"',
    "\\",
    "${",
    "$${",
    "%{",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\n",
    "\r\n",
    "<<E\n",
    "<<-E\n",
    "E\n",
    "#",
    "//",
    "/*",
    "*/",
]
WORDS = ["resource ", '"x" ', '"y" ', "tags = ", "source = ", "module ", "=", ":", ",", " ", "é", "\x00", "\ud800"]
PIECES = st.sampled_from([*SIGNS, *WORDS])


@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=200))
def test_nothing_makes_the_scanner_fail(text: str) -> None:
    lines = text.count("\n") + 1
    for block in [*scan_blocks(text), *scan_json(text)]:
        assert 1 <= block.line <= lines
        assert 0 <= block.tags_line <= lines


@given(st.lists(st.sampled_from(sorted(DECOYS)), max_size=6))
def test_legal_text_before_a_block_never_moves_it(names: list[str]) -> None:
    text = "".join(DECOYS[name] for name in names)
    assert list(scan_blocks(text + AFTER)) == [resource("after", text.count("\n") + 1)]


@pytest.mark.thorough
@pytest.mark.parametrize(
    "piece",
    [
        '"',
        '\\"',
        '"${',
        '"${"',
        "<<E\n",
        "<<E\n${",
        "/*",
        "{",
        "}",
        "$",
        "${",
        "tags ",
        'source = "',
        "resource ",
        "[",
        "é",
    ],
)
@pytest.mark.parametrize("first", ["", '"', 'resource "x" "y" {', "<<E\n", '{"a":"'])
def test_time_is_linear(first: str, piece: str) -> None:
    text = first + piece * (400_000 // len(piece))
    start = time.process_time()
    list(scan_blocks(text))
    scan_json(text)
    assert time.process_time() - start < 4
