"""An audit of live accounts from its beginning to its end, or to where it was broken off."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from harness.audit.model import AuditFinding
from harness.audit.run import read_run, seen_folder, unread
from harness.audit.tables import Table, read_rows
from harness.errors import TagrailError
from harness.operations.audit import Asked, audit_folder, audit_live, check_asked
from harness.operations.lock import only_one
from harness.operations.session import Session
from tests.unit.audit.world import HOME, MEMBER, PAYER, Answer, World, queue

ORGANIZATION: Mapping[tuple[str, str, str], Answer] = {
    ("", "", "DescribeOrganization"): {"Organization": {"Id": "o-1", "MasterAccountId": PAYER}},
    ("", "", "ListRoots"): {"Roots": [{"Id": "r-1", "PolicyTypes": []}]},
    ("", "", "ListOrganizationalUnitsForParent"): {"OrganizationalUnits": []},
    ("", "", "ListAccountsForParent"): {
        "Accounts": [
            {"Id": PAYER, "Name": "payer", "Status": "ACTIVE"},
            {"Id": MEMBER, "Name": "m", "Status": "ACTIVE"},
        ]
    },
    ("", "", "ListCostAllocationTags"): {"CostAllocationTags": []},
    ("", "", "AssumeRole"): {"Credentials": {"AccessKeyId": MEMBER, "SecretAccessKey": "s", "SessionToken": "t"}},
}
ASKED = Asked("Reader", (HOME,))


@dataclass
class Place(World):
    """Be a target, too."""

    name: str = "aws"

    def __init__(self, name: str = "aws") -> None:
        super().__init__(ORGANIZATION)
        self.name = name


@pytest.fixture
def session(aws_session: Session, tmp_path: Path) -> Session:
    environment = aws_session.environment.model_copy(update={"payer_account_id": PAYER})
    return replace(aws_session, root=tmp_path, environment=environment, target=Place())  # type: ignore[arg-type]


def run(session: Session, asked: Asked = ASKED, tell: Any = lambda _: None) -> Path:
    return audit_live(session, asked, tell)


def _stop(_: object) -> None:
    raise KeyboardInterrupt


def broken_off(session: Session) -> Path:
    with pytest.raises(KeyboardInterrupt):
        run(session, tell=_stop)
    (folder,) = audit_folder(session.root, session.name).iterdir()
    return folder


def test_an_audit_leaves_its_tables_and_nothing_else(session: Session) -> None:
    folder = run(session)
    assert {file.name for file in folder.iterdir()} == {
        "run.json", "edges.parquet", "findings.parquet", "fixed.parquet", "resources.parquet"
    }  # fmt: skip
    assert (read_run(folder).state, read_run(folder).gaps[0].code) == ("finished", "")


@pytest.mark.parametrize("region", ["eu-central1", "nowhere", "EU-CENTRAL-1", "cn-north-1", ""])
def test_what_is_no_region_is_refused(session: Session, region: str) -> None:
    with pytest.raises(TagrailError, match=f'--region: must be a region of the partition aws.+got "{region}"'):
        run(session, Asked("Reader", (HOME, region)))


@pytest.mark.parametrize("role", ["arn:aws:iam::222222222222:role/Reader", "", "a b"])
def test_what_is_no_role_s_name_is_refused(session: Session, role: str) -> None:
    with pytest.raises(TagrailError, match="--role: must be the name of a role"):
        run(session, Asked(role, (HOME,)))
    assert not audit_folder(session.root, session.name).exists()  # no run that could go on


def test_options_that_no_audit_takes_are_refused_by_themselves(session: Session) -> None:
    check_asked(session, ASKED)
    for asked in (Asked("a b"), Asked("Reader", ("nowhere",)), replace(ASKED, resume=True)):
        with pytest.raises(TagrailError, match=r"--(role|region|resume): must"):
            check_asked(session, asked)
    assert not audit_folder(session.root, session.name).exists()


def test_a_role_may_have_a_path(session: Session) -> None:
    assert read_run(run(session, Asked("/team/Reader", (HOME,)))).state == "finished"


def test_a_run_goes_on_with_the_same_options_alone(session: Session) -> None:
    folder = broken_off(session)
    assert read_run(folder).state == "interrupted"
    for asked in (Asked("Reader", (), resume=True), Asked("Reader", (HOME,), resume=True, lineage=False)):
        with pytest.raises(TagrailError, match="--resume: must have the options of the audit that was broken off"):
            run(session, asked)
    with pytest.raises(TagrailError, match="--target emulator"):
        run(replace(session, target=Place("emulator")), replace(ASKED, resume=True))  # type: ignore[arg-type]
    assert run(session, replace(ASKED, role="Other", resume=True)) == folder
    with pytest.raises(TagrailError, match="--resume: must find an audit that was broken off"):
        run(session, replace(ASKED, resume=True))


def test_one_process_at_a_time_goes_on(session: Session) -> None:
    folder = broken_off(session)
    with only_one(seen_folder(folder), "other"), pytest.raises(TagrailError, match="must be the only run"):
        run(session, replace(ASKED, resume=True))


def test_a_disk_that_is_full_is_told(session: Session) -> None:
    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(TagrailError, match=r"must be writable; got .*No space left.* then add --resume"):
        run(session, tell=full)
    assert read_run(run(session, replace(ASKED, resume=True))).state == "finished"


def test_what_is_refused_for_the_first_time_is_told_apart(session: Session) -> None:
    run(session)
    session.target.faults[MEMBER, "", "GetResources"] = "AccessDeniedException"  # type: ignore[attr-defined]
    second, third = run(session), run(session)
    assert [gap.source for gap in unread(second, read_run(second), only_new=True)] == ["tagging"]
    assert unread(third, read_run(third), only_new=True) == ()
    assert [gap.source for gap in unread(third, read_run(third), only_new=False)] == ["tagging"]


MENDED = ("missing-key", queue(MEMBER, HOME), "anycompany:workload:environment")


def mend(session: Session) -> None:
    """Give the member's queue the tag that MENDED says it lacks."""
    tags = [{"Key": "owner", "Value": "\u00e4" * 256}, {"Key": MENDED[2], "Value": "prod"}]
    held = {"ResourceTagMappingList": [{"ResourceARN": MENDED[1], "Tags": tags}]}
    session.target.faults[MEMBER, HOME, "GetResources"] = held  # type: ignore[attr-defined]


def table(folder: Path, name: str) -> set[tuple[str, str, str]]:
    return set(read_rows(folder, name, ["rule", "arn", "key"]))


def test_a_finding_that_was_mended_is_named(session: Session) -> None:
    first = run(session)
    assert table(first, "fixed") == set()
    mend(session)
    second = run(session)
    assert table(second, "fixed") == {MENDED} == table(first, "findings") - table(second, "findings")
    assert (read_run(second).change.fixed, read_run(second).change.new) == (1, 0)
    assert table(run(session), "fixed") == set()  # against the last run, it was not there any more


def test_a_run_that_is_broken_off_names_what_is_fixed_once_it_has_gone_on(session: Session) -> None:
    run(session)
    mend(session)
    with pytest.raises(KeyboardInterrupt):
        run(session, tell=_stop)
    second = max(audit_folder(session.root, session.name).iterdir())
    assert read_run(second).state == "interrupted"
    assert (table(second, "fixed"), read_run(second).change.fixed) == (set(), 0)
    assert run(session, replace(ASKED, resume=True)) == second
    assert (table(second, "fixed"), read_run(second).change.fixed) == ({MENDED}, 1)


@pytest.mark.parametrize(
    ("rule", "asked", "fixed"),
    [
        ("lineage-cut", ASKED, 1),
        ("lineage-cut", replace(ASKED, lineage=False), 0),
        ("not-on-bill", ASKED, 0),
    ],
)
def test_what_nobody_asked_for_is_not_fixed(session: Session, rule: str, asked: Asked, fixed: int) -> None:
    first = run(session)
    with Table(first, "findings") as findings:
        place = (queue(MEMBER, HOME), MEMBER, HOME, "AWS::SQS::Queue", "q")
        findings.add([AuditFinding("0" * 15 + "1", rule, "fail", *place, "owner")])
    change = read_run(run(session, asked)).change
    assert (change.fixed, change.unseen) == (fixed, 1 - fixed)
