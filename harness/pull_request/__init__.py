"""Put a report onto a pull request or merge request: one comment for each title, changed in place by later runs.

The comment is told by the hidden line that it begins with, and by its author: anybody may write that line, and whoever
wrote a comment can change it afterwards.
"""

from collections.abc import Mapping
from typing import Literal, Protocol

from harness.errors import TagrailError
from harness.pull_request.github import open_github
from harness.pull_request.gitlab import open_gitlab

Outcome = Literal["created", "changed", "left as it is", "not created"]
_START, _END = "<!-- tagrail-", " -->"


class Comments(Protocol):
    """Reach the comments on one pull request."""

    def find(self, marker: str) -> tuple[str, str] | None:
        """Return id and text of our comment that begins with the marker. Raises: TagrailError."""

    def create(self, text: str) -> None:
        """Add a comment. Raises: TagrailError."""

    def change(self, identity: str, text: str) -> None:
        """Replace the text of a comment. Raises: TagrailError."""


def open_comments(environ: Mapping[str, str]) -> Comments:
    """Return the comments of the pull request that this job runs for, as the CI system's variables name it.

    Raises: TagrailError when none does, or a variable or the token is missing.
    """
    if environ.get("GITLAB_CI"):
        return open_gitlab(environ)
    if environ.get("GITHUB_REPOSITORY"):
        return open_github(environ)
    raise TagrailError(
        "comment: must run in a job of GitHub Actions or GitLab CI; got neither GITHUB_REPOSITORY nor GITLAB_CI. "
        "Do run it there"
    )


def post(comments: Comments, text: str, *, may_create: bool = True) -> Outcome:
    """Make the comment hold a report, and return what was done. A comment that holds it already is left alone.

    Raises: TagrailError when the text does not begin with a report's hidden line, or the service refuses.
    """
    marker = _marker(text)
    found = comments.find(marker)
    if found is None:
        if not may_create:
            return "not created"
        comments.create(text)
        return "created"
    identity, held = found
    if held.replace("\r\n", "\n").strip() == text.strip():
        return "left as it is"
    comments.change(identity, text)
    return "changed"


def _marker(text: str) -> str:
    first = text.partition("\n")[0].rstrip()
    if not (first.startswith(_START) and first.endswith(_END)):
        rule = f'must begin with the hidden line of a report, "{_START}…{_END}"; got "{first[:80]}"'
        raise TagrailError(f"comment: {rule}. Do make it with tagrail check --report markdown=FILE")
    return first
