"""A report becomes one comment, whoever else writes there; refusals say what to do, and never the token."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.cli import run
from harness.pull_request import api
from tests.fake_comments import OURS, THEIRS, Service, serve

MARKER = "<!-- tagrail-check: envs/dev -->"
FIRST, SECOND = f"{MARKER}\n### envs/dev: failed\n", f"{MARKER}\n### envs/dev: passed\n"
TOKEN = "do-not-show-me"
VARIABLES = ("GITHUB_REPOSITORY", "GITHUB_TOKEN", "GITHUB_EVENT_PATH", "GITHUB_EVENT_NAME", "GITLAB_CI")


@pytest.fixture
def service() -> Iterator[Service]:
    with serve() as found:
        yield found


@pytest.fixture(params=["github", "gitlab"])
def job(request: pytest.FixtureRequest, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The variables of a job for pull request 12."""
    monkeypatch.setattr(api, "_PAUSES_SECONDS", (0, 0))
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 12}}), encoding="utf-8")
    github = {
        "GITHUB_REPOSITORY": "anycompany/shop",
        "GITHUB_TOKEN": TOKEN,
        "GITHUB_API_URL": service.url,
        "GITHUB_EVENT_PATH": str(event),
    }
    gitlab = {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": service.url,
        "CI_PROJECT_ID": "anycompany/shop",
        "CI_MERGE_REQUEST_IID": "12",
        "TAGRAIL_GITLAB_TOKEN": TOKEN,
    }
    for name, value in {"github": github, "gitlab": gitlab}[request.param].items():
        monkeypatch.setenv(name, value)
    return str(request.param)


def comment(tmp_path: Path, text: str, *options: str) -> int:
    file = tmp_path / "report.md"
    file.write_text(text, encoding="utf-8")
    return run(["comment", str(file), *options])


def test_the_first_run_makes_a_comment_and_the_next_changes_it(job: str, service: Service, tmp_path: Path) -> None:
    assert comment(tmp_path, FIRST) == 0
    assert comment(tmp_path, SECOND) == 0
    assert service.ours() == [SECOND]
    base = {"github": "/repos/anycompany/shop/issues/12/comments"}.get(
        job, "/projects/anycompany%2Fshop/merge_requests/12/notes"
    )
    changed = {"github": "PATCH /repos/anycompany/shop/issues/comments/1"}.get(job, f"PUT {base}/1")
    assert [each for each in service.requests if not each.endswith("/user")] == [
        f"GET {base}",
        f"POST {base}",
        f"GET {base}",
        changed,
    ]
    assert service.tokens == {f"Bearer {TOKEN}" if job == "github" else TOKEN}


def test_a_comment_that_says_it_already_is_left_alone(
    job: str, service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service.add(OURS, FIRST.replace("\n", "\r\n"))
    assert comment(tmp_path, FIRST) == 0
    assert capsys.readouterr().err == "comment left as it is\n"
    assert {each.split()[0] for each in service.requests} == {"GET"}


@pytest.mark.usefixtures("job")
def test_update_only_makes_no_comment(service: Service, tmp_path: Path) -> None:
    assert comment(tmp_path, SECOND, "--update-only") == 0
    assert service.comments == {}
    service.add(OURS, FIRST)
    assert comment(tmp_path, SECOND, "--update-only") == 0
    assert service.ours() == [SECOND]


@pytest.mark.usefixtures("job")
def test_the_comment_of_another_title_or_person_is_not_changed(service: Service, tmp_path: Path) -> None:
    other = "<!-- tagrail-check: envs/prod -->\n### envs/prod: failed\n"
    service.add(THEIRS, FIRST)  # who could change it afterwards
    service.add(OURS, other)
    service.add(OURS, f"look: {FIRST}")
    assert comment(tmp_path, SECOND) == 0
    assert service.comments[1] == (THEIRS, FIRST)
    assert service.ours() == [other, f"look: {FIRST}", SECOND]


@pytest.mark.usefixtures("job")
def test_our_comment_is_found_behind_hundreds(service: Service, tmp_path: Path) -> None:
    for number in range(250):
        service.add(THEIRS, f"{number}")
    service.add(OURS, FIRST)
    assert comment(tmp_path, SECOND) == 0
    assert service.ours() == [SECOND]


@pytest.mark.usefixtures("job")
def test_what_passes_by_is_tried_again(service: Service, tmp_path: Path) -> None:
    service.answers = [(502, {}, b"<html>"), (503, {}, b"")]
    assert comment(tmp_path, FIRST) == 0
    assert service.ours() == [FIRST]


def test_a_refusal_says_what_to_do_and_no_token(
    job: str, service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service.answers = [(403, {}, b'{"message": "Resource not accessible by integration"}')]
    assert comment(tmp_path, FIRST) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "got HTTP 403: Resource not accessible by integration" in said
    wanted = {"github": "pull-requests: write", "gitlab": "a project access token with the scope api"}[job]
    assert wanted in said
    assert TOKEN not in said


@pytest.mark.usefixtures("job")
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((302, {"Location": "http://127.0.0.1:1/"}, b""), "got HTTP 302"),
        ((200, {}, b"<html>"), "must be answered in JSON; got another text"),
        ((200, {}, b'{"x": 1}'), "must "),
    ],
)
def test_another_answer_is_an_error_in_words(
    service: Service,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    answer: tuple[int, dict[str, str], bytes],
    words: str,
) -> None:
    service.answers = [answer]
    assert comment(tmp_path, FIRST) == 2
    assert words in " ".join(capsys.readouterr().err.split())
    assert len(service.requests) == 1


@pytest.mark.usefixtures("job")
def test_a_text_without_the_hidden_line_is_refused(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert comment(tmp_path, "### hello\n") == 2
    assert "Do make it with tagrail check --report markdown=FILE" in " ".join(capsys.readouterr().err.split())
    assert service.requests == []


def test_elsewhere_it_says_where_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    assert comment(tmp_path, FIRST) == 2
    assert "must run in a job of GitHub Actions or GitLab CI" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"GITHUB_REPOSITORY": "a/b"}, "GITHUB_TOKEN: must be given"),
        ({"GITHUB_REPOSITORY": "a/b/../c", "GITHUB_TOKEN": "x"}, "must be OWNER/NAME"),
        ({"GITHUB_REPOSITORY": "a/b", "GITHUB_TOKEN": "x", "GITHUB_EVENT_NAME": "push"}, 'got "push"'),
        ({"GITLAB_CI": "true"}, "TAGRAIL_GITLAB_TOKEN: must be given"),
        ({"GITLAB_CI": "true", "TAGRAIL_GITLAB_TOKEN": "x"}, "the pipeline must be of a merge request"),
    ],
)
def test_a_job_that_cannot_comment_is_told_why(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variables: dict[str, str],
    words: str,
) -> None:
    for name in (*VARIABLES, "CI_MERGE_REQUEST_IID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert comment(tmp_path, FIRST) == 2
    assert words in " ".join(capsys.readouterr().err.split())
