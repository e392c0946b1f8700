import datetime
from pathlib import Path

import pytest

from harness.errors import InputError
from harness.plan_check.baseline import Entry, make_baseline, match_baseline, read_baseline, write_baseline
from tests.unit.plan_check.made import finding, unknown

TODAY = datetime.date(2026, 11, 26)
DAY = datetime.timedelta(days=1)


def entry(made, **more) -> Entry:
    return Entry(**({"fingerprint": made.fingerprint, "rule": "r", "where": "w", "key": "k", "since": TODAY} | more))


def test_a_finding_of_the_baseline_is_old_and_another_is_new() -> None:
    match = match_baseline([finding(), unknown()], [entry(finding(), reason="INFRA-12")], TODAY)
    assert [each.is_old for each in match.findings] == [True, False]
    assert match.reasons == {finding().fingerprint: "INFRA-12"}
    assert match.gone == ()


@pytest.mark.parametrize(("expires", "old"), [(TODAY, True), (TODAY + DAY, True), (TODAY - DAY, False)])
def test_an_entry_accepts_through_its_last_day(expires, old) -> None:
    match = match_baseline([finding()], [entry(finding(), since=TODAY - 9 * DAY, expires=expires)], TODAY)
    assert match.findings[0].is_old is old
    said = "Its entry in the baseline, of 2026-11-17, expired on 2026-11-25."
    assert match.findings[0].what.endswith(said) is not old
    assert match.gone == ()


def test_entries_that_match_nothing_any_more_are_named() -> None:
    gone = entry(finding("wrong-value"))
    assert match_baseline([finding()], [gone, entry(finding())], TODAY).gone == (gone,)


def test_no_baseline_covers_what_takes_governance_away() -> None:
    made = finding("policy-weakened")
    match = match_baseline([made], [entry(made)], TODAY)
    assert not match.findings[0].is_old
    assert match.gone == (entry(made),)
    assert make_baseline([made], TODAY) == ()


def test_writing_again_keeps_day_reason_and_expiry_of_what_is_still_there() -> None:
    before = TODAY - 30 * DAY
    known = [
        entry(finding(), since=before, reason="INFRA-12", expires=TODAY),
        entry(unknown(), since=before, reason="too late", expires=TODAY - DAY),
        entry(finding("wrong-value"), since=before),
    ]
    made = make_baseline([unknown(), finding(), finding()], TODAY, known)
    assert [(each.where, each.since, each.reason, each.expires) for each in made] == [
        ("aws_instance.web.tags", TODAY, "", None),
        ("aws_s3_bucket.logs.tags", before, "INFRA-12", TODAY),
    ]


def test_written_file_has_a_finding_a_line_and_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    nasty = finding(address='module.a["\u202e\n"].aws_x.y')
    made = make_baseline([finding(), unknown(), nasty], TODAY)
    write_baseline(made, path)
    assert read_baseline(path) == made
    assert len(path.read_text().splitlines()) == 8
    assert path.read_text().splitlines()[3].strip() == (
        '{"fingerprint": "unknown-value/aws_instance.web/tags/anycompany:finance:owner", "rule": "unknown-value", '
        '"where": "aws_instance.web.tags", "key": "anycompany:finance:owner", "since": "2026-11-26"},'
    )
    assert list(tmp_path.iterdir()) == [path]


def test_half_of_a_surrogate_pair_does_not_make_the_file_unreadable(tmp_path: Path) -> None:
    made = make_baseline([finding(address='aws_x.y["\ud800"]')], TODAY)
    write_baseline(made, tmp_path / "b.json")
    assert read_baseline(tmp_path / "b.json")[0].where == 'aws_x.y["?"].tags'


def test_empty_baseline(tmp_path: Path) -> None:
    write_baseline((), tmp_path / "b.json")
    assert read_baseline(tmp_path / "b.json") == ()


GOOD = '{"fingerprint": "f", "rule": "r", "where": "w", "key": "k", "since": "2026-11-26"}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "b.json:1: must be JSON with the members version and findings"),
        ('{"version": 1,\n"findings": [\n}', "b.json:3: must be JSON"),
        ("[]", "b.json:1: must be JSON with the members version and findings"),
        ("[" * 100_000, "must be JSON"),
        ('{"version": 2, "findings": []}', "b.json: version: must be 1; got 2"),
        ('{"version": 1}', "b.json: findings: must be a list"),
        ('{"version": 1, "findings": [], "expires": 1}', "b.json: expires: must be version or findings"),
        (f'{{"version": 1, "findings": [\n{GOOD},\n{{}}\n]}}', "b.json:3: findings[1]: must be an entry"),
        (
            f'{{"version": 1, "findings": [\n{GOOD},\n{GOOD.replace("26", "31")}]}}',
            "b.json:3: findings[1].since: must be an entry of a baseline; invalid RFC3339",
        ),
        (
            f'{{"version": 1, "findings": [\n{GOOD[:-1]}, "expire": "2027-01-01"}}]}}',
            "fingerprint, rule, where, key, since, expires, reason. Do write expires",
        ),
        (
            f'{{"version": 1, "findings": [{GOOD},\n{GOOD}]}}',
            "b.json: findings[1].fingerprint: must be unique; findings[0] has it too. Do remove one",
        ),
    ],
)
def test_malformed_file_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "b.json").write_text(text)
    with pytest.raises(InputError) as caught:
        read_baseline(tmp_path / "b.json")
    assert said in str(caught.value)
    assert ". Do " in str(caught.value)


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text('{"version": 1, "findings": [\n{},\n3,\n"x"\n]}')
    with pytest.raises(InputError) as caught:
        read_baseline(tmp_path / "b.json")
    assert [problem.line for problem in caught.value.problems] == [2, 3, 4]


def test_file_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"must exist\. Do create it with --write-baseline"):
        read_baseline(tmp_path / "none.json")
    with pytest.raises(InputError, match="must be a file that can be read"):
        read_baseline(tmp_path)
    (tmp_path / "latin").write_bytes(b'{"\xe9": 1}')
    with pytest.raises(InputError, match="must be UTF-8; byte 2 is not"):
        read_baseline(tmp_path / "latin")
    with pytest.raises(InputError, match="must be writable"):
        write_baseline((), tmp_path / "no" / "b.json")
