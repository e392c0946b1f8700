"""ARNs of the roles of audit and repair: those that modules/audit-role makes, or how to get one."""

import pytest

from harness.environment import AuditRole, Environment, RepairRole
from harness.errors import TagrailError
from harness.operations.audit_role import repair_role_arn, role_arn
from tests.unit.verify.live import loaded


def environment(section: AuditRole | None) -> Environment:
    return loaded()[1].model_copy(update={"audit_role": section})


def test_names_follow_from_the_environment() -> None:
    given = environment(AuditRole(repair=RepairRole(principals=("arn:*:iam::*:role/a",))))
    assert role_arn(given, "222222222222", "aws") == "arn:aws:iam::222222222222:role/anycompany-audit"
    assert repair_role_arn(given, "222222222222", "aws-cn") == "arn:aws-cn:iam::222222222222:role/anycompany-repair"


def test_names_can_be_chosen() -> None:
    given = environment(AuditRole(name="Reader", repair=RepairRole(name="Writer", principals=("arn:*:iam::*:role/a",))))
    assert role_arn(given, "222222222222", "aws") == "arn:aws:iam::222222222222:role/Reader"
    assert repair_role_arn(given, "222222222222", "aws") == "arn:aws:iam::222222222222:role/Writer"


def test_without_a_section_the_repair_is_named() -> None:
    with pytest.raises(TagrailError, match=r"audit_role: must be in env.yaml.+Do add it"):
        role_arn(environment(None), "222222222222", "aws")
    with pytest.raises(TagrailError, match=r"audit_role.repair: must be given.+Do name its principals"):
        repair_role_arn(environment(AuditRole()), "222222222222", "aws")
