"""Reach the notes on a merge request of GitLab.

Page: docs.gitlab.com/api/notes (a job's own token may not write them: docs.gitlab.com/ci/jobs/ci_job_token)
"""

from collections.abc import Mapping
from urllib.parse import quote

from harness.errors import TagrailError
from harness.pull_request.api import Api

_TOKEN = "TAGRAIL_GITLAB_TOKEN"  # noqa: S105 (the variable's name)
_PAGE, _MOST_PAGES = 100, 50
_REFUSED = f"Do set {_TOKEN} to a project access token with the scope api and the role Reporter or above"


class GitlabComments:
    """Hold the notes on one merge request; those that the token's own user wrote are ours."""

    def __init__(self, api: Api, project: str, number: str) -> None:
        """Keep what names the notes."""
        self._api = api
        self._notes = f"/projects/{quote(project, safe='')}/merge_requests/{quote(number, safe='')}/notes"

    def find(self, marker: str) -> tuple[str, str] | None:
        """Return id and text of our note that begins with the marker. Raises: TagrailError."""
        own = self._api.own_id("/user")
        for page in range(1, _MOST_PAGES + 1):
            notes = self._api.rows(f"{self._notes}?per_page={_PAGE}&page={page}&sort=asc")
            for each in notes:
                text = each.get("body") or ""
                if (each.get("author") or {}).get("id") == own and text.startswith(marker):
                    return str(each["id"]), text
            if len(notes) < _PAGE:
                return None
        return None

    def create(self, text: str) -> None:
        """Add a note. Raises: TagrailError."""
        self._api.call("POST", self._notes, {"body": text})

    def change(self, identity: str, text: str) -> None:
        """Replace the text of a note. Raises: TagrailError."""
        self._api.call("PUT", f"{self._notes}/{identity}", {"body": text})


def open_gitlab(environ: Mapping[str, str]) -> GitlabComments:
    """Return the notes of the merge request whose pipeline this is.

    Raises: TagrailError when it is another pipeline, or the token is missing.
    """
    if not environ.get(_TOKEN):
        raise TagrailError(f"{_TOKEN}: must be given; got none. {_REFUSED}")
    number = environ.get("CI_MERGE_REQUEST_IID", "")
    if not number:
        source = environ.get("CI_PIPELINE_SOURCE", "none")
        rule = f'the pipeline must be of a merge request; got "{source}", without CI_MERGE_REQUEST_IID'
        raise TagrailError(f'comment: {rule}. Do run it with rules: if: $CI_PIPELINE_SOURCE == "merge_request_event"')
    api = Api(environ.get("CI_API_V4_URL", ""), {"PRIVATE-TOKEN": environ[_TOKEN]}, _REFUSED)
    return GitlabComments(api, environ.get("CI_PROJECT_ID", ""), number)
