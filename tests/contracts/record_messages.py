"""Write the messages that the loader gives now into invalid cases; read the difference before you keep it.

Run from the top folder: python -m tests.contracts.record_messages CASE...
"""

import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.contracts.case import FOLDER, read_case

_MESSAGES = re.compile(r"^messages:.*\n(?:  .*\n)*", re.MULTILINE)


def record(path: Path) -> None:
    """Rewrite the `messages` of one case file; everything else stays as it is."""
    with tempfile.TemporaryDirectory() as folder:
        found = read_case(path).found(Path(folder))
    lines = "".join("  - '" + message.replace("'", "''") + "'\n" for message in found)
    text = path.read_text(encoding="utf-8")
    path.write_text(_MESSAGES.sub(lambda _: f"messages:\n{lines}", text), encoding="utf-8")


def main(names: Sequence[str]) -> None:
    """Record the named cases."""
    for name in names:
        record(FOLDER / "invalid" / f"{name}.yaml")


if __name__ == "__main__":
    main(sys.argv[1:])
