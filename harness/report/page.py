"""Put a page of HTML together that loads nothing: style, program and data are inside of it.

Parts are plain files below harness/report, without a build step; those in harness/report/web are of all pages. The
page's content security policy allows its own style and program by their hashes and forbids everything else,
connections of any kind included.
"""

import base64
import hashlib
import html
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files

import msgspec

STYLE = tuple(f"web/style/{name}.css" for name in ("colours", "page", "parts", "tables", "charts", "media"))
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def page_chunks(title: str, style: Sequence[str], program: Sequence[str], data: Iterable[str]) -> Iterator[str]:
    """Yield a page piece by piece; `style` and `program` name parts, in the order in which they build on each other.

    `data` are pieces of HTML, such as `data_element` makes. Raises: nothing.
    """
    style_text = "".join(_part(name) for name in style)
    program_text = f"(() => {{\n'use strict';\n{''.join(_part(name) for name in program)}}})();\n"
    parts = {
        "title": (html.escape(title),),
        "policy": (_policy(style_text, program_text),),
        "style": (style_text,),
        "data": data,
        "program": (program_text,),
    }
    before, *pieces = _part("web/page.html").split("{{")
    yield before
    for piece in pieces:
        name, _, rest = piece.partition("}}")
        yield from parts[name]
        yield rest


def data_element(name: str, held: object) -> str:
    """Return values as a script element of JSON. Raises: nothing."""
    return f'<script type="application/json" id="{name}">{data_text(held)}</script>'


def data_text(held: object) -> str:
    """Return values as JSON that may stand in a script element: nothing in it can end or change the element.

    Raises: nothing.
    """
    text = msgspec.json.encode(held).decode()
    for sign, escaped in _UNSAFE.items():
        text = text.replace(sign, escaped)
    return text


def _policy(style: str, program: str) -> str:
    rules = (
        "default-src 'none'",
        f"script-src '{_hash(program)}'",
        f"style-src '{_hash(style)}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return html.escape("; ".join(rules), quote=False).replace('"', "&quot;")


def _part(name: str) -> str:
    return files("harness.report").joinpath(*name.split("/")).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
