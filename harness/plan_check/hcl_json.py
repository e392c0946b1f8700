"""Find the blocks of Terraform's JSON files and their lines; the JSON itself is Terraform's to judge.

Page: developer.hashicorp.com/terraform/language/syntax/json
"""

import json
import re
from typing import Final

from harness.plan_check.hcl_blocks import LABELS, Block, Lines

_TOKEN: Final = re.compile(
    r'(?P<string>"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)(?P<key>\s*:)?)|(?P<open>[{\[])|(?P<close>[}\]])', re.DOTALL
)
_LONGEST_NAME: Final = 1000  # characters; no type, name or source of a module is longer


def scan_json(text: str) -> list[Block]:
    """Return the resources, data sources and module calls of a file. Raises: nothing, whatever the text holds.

    Lists are looked through: a block may stand in a list, as may the blocks of a type.
    """
    lines = Lines(text)
    path: list[str] = []
    opened: list[int] = []  # how many keys were open where each brace or bracket stands
    blocks: list[Block] = []
    for found in _TOKEN.finditer(text):
        if found["open"]:
            opened.append(len(path))
        elif found["close"]:
            del path[opened.pop() if opened else 0 :]
        elif found["key"]:
            del path[opened[-1] if opened else 0 :]
            path.append(_name(found["string"][: -len(found["key"])]))
            if _is_block(path):
                blocks.append(Block(path[0], tuple(path[1:]), lines.number(found.start())))
            elif _is_argument(path, blocks, "tags"):
                blocks[-1] = blocks[-1]._replace(tags_line=lines.number(found.start()))
        elif _is_argument(path, blocks, "source"):
            blocks[-1] = blocks[-1]._replace(source=_name(found["string"]))
    return blocks


def _is_block(path: list[str]) -> bool:
    return LABELS.get(path[0]) == len(path) - 1 and path[-1] != "//"


def _is_argument(path: list[str], blocks: list[Block], name: str) -> bool:
    """Return whether a path is that of an argument of the block that was found last."""
    return path[-1:] == [name] and bool(blocks) and path[:-1] == [blocks[-1].kind, *blocks[-1].labels]


def _name(written: str) -> str:
    if len(written) > _LONGEST_NAME:
        return ""
    try:
        return str(json.loads(written, strict=False))
    except ValueError:
        return ""
