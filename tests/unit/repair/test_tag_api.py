"""Each API is asked within its limits, page by page, and tells what failed by ARN."""

from typing import Any

from harness.repair.model import Failure, Held
from harness.repair.services import own_of, region_of, service_of
from harness.repair.tag_api import make_api
from tests.unit.repair.world import DEV, HOME, PAYER, error, pace

ROLE = f"arn:aws:iam::{DEV}:role/team/ml"
ACCOUNT = f"arn:aws:organizations::{PAYER}:account/o-1/{DEV}"


def group(number: int) -> str:
    return f"arn:aws:autoscaling:{HOME}:{DEV}:autoScalingGroup:1-2:autoScalingGroupName/a/{number}"


class Client:
    """Answer each operation by a function of its name, and keep what was sent."""

    def __init__(self, **answers: Any) -> None:
        self._answers = answers
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, operation: str) -> Any:
        def send(**arguments: Any) -> Any:
            self.sent.append((operation, arguments))
            answer = self._answers[operation]
            return answer(**arguments) if callable(answer) else answer

        return send


def test_services_are_told_by_arn() -> None:
    found = [service_of(arn) for arn in (ROLE, ACCOUNT, group(1), "arn:aws:s3:::b")]
    assert found == ["iam", "organizations", "autoscaling", "resourcegroupstaggingapi"]
    assert (
        service_of(f"arn:aws:autoscaling:{HOME}:{DEV}:launchConfiguration:1:launchConfigurationName/a") != "autoscaling"
    )
    assert own_of(f"arn:aws:iam::{DEV}:group/g") is None
    assert [region_of(f"arn:{part}:route53:::hostedzone/Z", "global") for part in ("aws", "aws-cn")] == [
        "us-east-1",
        "cn-northwest-1",
    ]


def test_iam_is_read_page_by_page_and_written_by_name() -> None:
    def show(RoleName: str, Marker: str = "") -> Any:  # noqa: N803
        tags = [{"Key": "b" if Marker else "a", "Value": RoleName}]
        return {"Tags": tags, "IsTruncated": not Marker, **({} if Marker else {"Marker": "m"})}

    client = Client(list_role_tags=show, tag_role={}, untag_role={})
    api = make_api("iam", client, pace())
    assert api.read([ROLE]) == {ROLE: Held({"a": "ml", "b": "ml"})}
    assert api.write([ROLE], {"k": "v"}, {}) == {}
    assert api.remove([ROLE], ["k"]) == {}
    assert client.sent[-2:] == [
        ("tag_role", {"RoleName": "ml", "Tags": [{"Key": "k", "Value": "v"}]}),
        ("untag_role", {"RoleName": "ml", "TagKeys": ["k"]}),
    ]


def test_a_role_that_is_gone_is_not_found_and_one_that_may_not_be_read_is_a_failure() -> None:
    def refused(code: str) -> Any:
        def send(**_: Any) -> Any:
            raise error(code)

        return send

    assert make_api("iam", Client(list_role_tags=refused("NoSuchEntity")), pace()).read([ROLE])[ROLE] == Held(
        found=False
    )
    found = make_api("iam", Client(list_role_tags=refused("AccessDenied")), pace()).read([ROLE])[ROLE]
    assert found == Failure("AccessDenied: told so")


def test_auto_scaling_gets_25_tags_a_call_and_keeps_what_instances_get() -> None:
    client = Client(create_or_update_tags={}, delete_tags={})
    api = make_api("autoscaling", client, pace())
    arns = [group(number) for number in range(20)]
    assert api.write(arns, {"k": "v", "l": "w"}, {arns[0]: {"k": False}}) == {}
    assert [len(arguments["Tags"]) for _, arguments in client.sent] == [24, 16]
    first = client.sent[0][1]["Tags"][:2]
    assert [(tag["ResourceId"], tag["Key"], tag["PropagateAtLaunch"]) for tag in first] == [
        ("a/0", "k", False),
        ("a/0", "l", True),
    ]


def test_a_group_that_is_gone_spoils_no_other() -> None:
    def tag(Tags: list[dict[str, Any]]) -> Any:  # noqa: N803
        if any(one["ResourceId"] == "a/1" for one in Tags):
            raise error("ValidationError", "CreateOrUpdateTags")
        return {}

    client = Client(create_or_update_tags=tag)
    arns = [group(number) for number in range(3)]
    assert make_api("autoscaling", client, pace()).write(arns, {"k": "v"}, {}) == {
        arns[1]: Failure("ValidationError: told so")
    }


def test_resources_that_fail_for_a_passing_reason_are_tried_again_alone() -> None:
    told = iter([{"b": {"StatusCode": 500, "ErrorCode": "InternalServiceException"}}, {}])
    client = Client(tag_resources=lambda **_: {"FailedResourcesMap": next(told)})
    assert make_api("resourcegroupstaggingapi", client, pace()).write(["a", "b"], {"k": "v"}, {}) == {}
    assert [arguments["ResourceARNList"] for _, arguments in client.sent] == [["a", "b"], ["b"]]


def test_what_never_passes_is_a_failure_of_which_nobody_is_sure() -> None:
    why = {"StatusCode": 500, "ErrorCode": "InternalServiceException", "ErrorMessage": "later"}
    client = Client(tag_resources={"FailedResourcesMap": {"b": why}})
    found = make_api("resourcegroupstaggingapi", client, pace()).write(["a", "b"], {"k": "v"}, {})
    assert found == {"b": Failure("InternalServiceException: later", unsure=True)}
