"""A type that AWS's table does not have is worth a warning and fails nothing."""

from pathlib import Path

import pytest

from harness.dictionary import Dictionary, load_dictionary
from harness.verify.policy_types import policy_type_findings

SHIPPED = Path(__file__).parents[3] / "envs" / "tags.yaml"


def dictionary(folder: Path, element: str, name: str) -> Dictionary:
    file = folder / "tags.yaml"
    tag = f"purpose: Team., mandatory: true, mandatory_for: [AWS::S3::Bucket], {element}: ['{name}']"
    file.write_text(f"version: 1\ntags:\n  team: {{{tag}}}\n", encoding="utf-8")
    return load_dictionary(file)


def test_the_shipped_dictionary_names_types_of_aws_alone() -> None:
    (finding,) = policy_type_findings(load_dictionary(SHIPPED))
    assert (finding.verdict, finding.note) == ("pass", "")
    assert finding.subject == "11 types"


@pytest.mark.parametrize(
    ("named", "held", "repair", "note"),
    [
        ("enforced_for ec2:instances", "does not have it", "Do write ec2:instance", "warning"),
        ("enforced_for sagemaker:endpoint", "for the other element alone", "Do move it", "warning"),
        ("report_required_tag_for autoscaling:autoscalinggroup", "for reports of wrong tags", "Do look", "warning"),
        ("enforced_for connect:queue", "had it once", "Do write connect:instance/queue", "warning"),
        ("enforced_for sagemaker:ALL_SUPPORTED", "no ALL_SUPPORTED", "Do write sagemaker:action", "warning"),
        ("enforced_for ec2:*", "the older form", "Do write ec2:ALL_SUPPORTED", "info"),
    ],
)
def test_a_doubtful_type_passes_with_a_note(tmp_path: Path, named: str, held: str, repair: str, note: str) -> None:
    element, _, name = named.partition(" ")
    (finding,) = policy_type_findings(dictionary(tmp_path, element, name))
    assert (finding.verdict, finding.note) == ("pass", note)
    assert finding.subject == f'tags["team"].{element}[0]'
    assert name in finding.held
    assert held in finding.held
    assert finding.repair.startswith(repair)
