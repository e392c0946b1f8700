"""Define `tagrail comment`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from harness.errors import TagrailError
from harness.pull_request import open_comments, post

_UpdateOnly = Annotated[bool, typer.Option("--update-only", help="Change the comment that is there; make none.")]


def comment(
    file: Annotated[Path, typer.Argument(help="Report of tagrail check --report markdown=FILE.")],
    update_only: _UpdateOnly = False,  # noqa: FBT002 (flag)
) -> int:
    """Put a report onto the pull request of this job, in place of the one before.

    GitHub Actions: GITHUB_TOKEN. GitLab CI: TAGRAIL_GITLAB_TOKEN.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise TagrailError(f"{file}: must be readable; got {error.strerror}. Do name a file") from error
    typer.echo(f"comment {post(open_comments(os.environ), text, may_create=not update_only)}", err=True)
    return 0
