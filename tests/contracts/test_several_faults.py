"""Faults of both files are refused together: sorted, ten shown, the rest counted."""

from pathlib import Path

import pytest

from harness.errors import InputError
from harness.project import load_project
from tests.contracts.case import Case

DICTIONARY = """\
version: 1
prefix: anycompany
tags:
  team: {purpose: Team, values: [ml, ML, "a*b*"], mandatory_for: [s3]}
  anycompany:owner: {purpose: Owner, default: " ml"}
exemptions:
  - {resource: logs, reason: "", owner: "", expires: 2027-06-30}
"""
ENVIRONMENT = """\
version: 1
name: Case
target: emulator
payer_account_id: "1"
organization_id: o-1
regions: {home: mars}
config: {scope: account, excluded_accounts: [ml]}
"""
CASE = Case("several", DICTIONARY.encode(), ENVIRONMENT.encode())


def test_faults_of_both_files_are_sorted_and_past_ten_counted(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        load_project(CASE.write(tmp_path))
    lines = str(refused.value).split("\n")
    places = [line.split(": must")[0] for line in lines]
    assert places == [
        "envs/case/env.yaml:1: emulator",
        "envs/case/env.yaml:2: name",
        "envs/case/env.yaml:4: payer_account_id",
        "envs/case/env.yaml:5: organization_id",
        "envs/case/env.yaml:6: regions.home",
        "envs/case/env.yaml:7: config.excluded_accounts",
        "envs/tags.yaml:4: tags.team",
        "envs/tags.yaml:4: tags.team.mandatory_for",
        "envs/tags.yaml:4: tags.team.mandatory_for[0]",
        "envs/tags.yaml:4: tags.team.values[1]",
        "and 5 more",
    ]
    assert len(refused.value.problems) == 15


def test_every_problem_is_kept_for_machines(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        load_project(CASE.write(tmp_path))
    hidden = [problem.path for problem in refused.value.problems[10:]]
    assert hidden == [
        "tags.team.values[2]",
        'tags["anycompany:owner"].default',
        "exemptions[0].owner",
        "exemptions[0].reason",
        "exemptions[0].resource",
    ]


def test_a_file_that_is_no_yaml_does_not_hide_the_faults_of_the_other(tmp_path: Path) -> None:
    case = Case("several", b"tags: [", ENVIRONMENT.replace("config:", "konfig:").encode())
    with pytest.raises(InputError) as refused:
        load_project(case.write(tmp_path))
    assert {problem.file for problem in refused.value.problems} == {"envs/tags.yaml", "envs/case/env.yaml"}
