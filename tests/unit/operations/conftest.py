"""A session of the shipped local environment whose files lie in a folder of the test's own."""

from pathlib import Path

import pytest

from harness.operations import Session
from harness.project import load_project
from harness.targets import make_aws_target

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def aws_session(tmp_path: Path) -> Session:
    """A session on AWS to which nothing is sent."""
    project = load_project(ROOT, ["prod"])
    return Session(
        tmp_path, "prod", project.dictionary, project.environments["prod"], make_aws_target("eu-central-1"), None
    )
