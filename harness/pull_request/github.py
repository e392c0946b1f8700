"""Reach the comments on a pull request of GitHub.

Page: docs.github.com/rest/issues/comments (a pull request is an issue there)
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from harness.errors import TagrailError
from harness.pull_request.api import Api

_ACTIONS = "github-actions[bot]"  # who a job's own GITHUB_TOKEN writes as
_PAGE, _MOST_PAGES = 100, 50
_REFUSED = "Do give the job permissions: pull-requests: write; pull requests of forks have none"
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")


class GithubComments:
    """Hold the comments on one pull request; `author` is the login whose comments are ours."""

    def __init__(self, api: Api, repository: str, number: int, author: str) -> None:
        """Keep what names the comments."""
        self._api, self._author = api, author
        self._of_repository = f"/repos/{repository}/issues"
        self._of_request = f"{self._of_repository}/{number}/comments"

    def find(self, marker: str) -> tuple[str, str] | None:
        """Return id and text of our comment that begins with the marker. Raises: TagrailError."""
        for page in range(1, _MOST_PAGES + 1):
            comments = self._api.rows(f"{self._of_request}?per_page={_PAGE}&page={page}")
            for each in comments:
                text = each.get("body") or ""
                if (each.get("user") or {}).get("login") == self._author and text.startswith(marker):
                    return str(each["id"]), text
            if len(comments) < _PAGE:
                return None
        return None

    def create(self, text: str) -> None:
        """Add a comment. Raises: TagrailError."""
        self._api.call("POST", self._of_request, {"body": text})

    def change(self, identity: str, text: str) -> None:
        """Replace the text of a comment. Raises: TagrailError."""
        self._api.call("PATCH", f"{self._of_repository}/comments/{identity}", {"body": text})


def open_github(environ: Mapping[str, str]) -> GithubComments:
    """Return the comments of the pull request whose event started the job.

    Raises: TagrailError when it was another event, or GITHUB_TOKEN is missing.
    """
    token = environ.get("GITHUB_TOKEN", "")
    if not token:
        raise TagrailError(f"GITHUB_TOKEN: must be given; got none. {_REFUSED}")
    repository = environ["GITHUB_REPOSITORY"]
    if not _REPOSITORY.fullmatch(repository):
        raise TagrailError(f'GITHUB_REPOSITORY: must be OWNER/NAME; got "{repository}". Do run it in GitHub Actions')
    secret = {"Authorization": f"Bearer {token}", "X-GitHub-Api-Version": "2022-11-28"}
    api = Api(environ.get("GITHUB_API_URL") or "https://api.github.com", secret, _REFUSED)
    return GithubComments(api, repository, _number(environ), environ.get("TAGRAIL_COMMENT_AUTHOR") or _ACTIONS)


def _number(environ: Mapping[str, str]) -> int:
    """Return the number of the pull request in the event's file."""
    path = environ.get("GITHUB_EVENT_PATH", "")
    try:
        event = json.loads(Path(path).read_text(encoding="utf-8"))
        return int(event["pull_request"]["number"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        name = environ.get("GITHUB_EVENT_NAME", "none")
        rule = f'the event must be of a pull request; got "{name}" in GITHUB_EVENT_PATH "{path}"'
        raise TagrailError(f"comment: {rule}. Do run it on: pull_request") from error
