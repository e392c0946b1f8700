"""Read and write tags of resources through whichever API has them, at its pace; failures are told by ARN."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from harness.repair.model import Failure, Held
from harness.repair.pace import GivenUpError, Pace, is_transient
from harness.repair.services import AUTO_SCALING, TAGGING, Own, own_of
from harness.tag_pairs import tags_of

Failures = dict[str, Failure]
_WRONG_PARAMETER = "InvalidParameterException"
_ROUNDS = 6  # in which what the tagging API failed for a passing reason is tried again


class TagApi(Protocol):
    """Read and write tags: at most `reads` and `writes` ARNs a call."""

    reads: int
    writes: int

    def read(self, arns: Sequence[str]) -> dict[str, Held | Failure]:
        """Return the tags of each resource as they are now. Raises: nothing of AWS's."""
        ...

    def write(self, arns: Sequence[str], tags: Mapping[str, str], flags: Mapping[str, Mapping[str, bool]]) -> Failures:
        """Give all these resources the same tags and return what failed. Raises: nothing of AWS's."""
        ...

    def remove(self, arns: Sequence[str], keys: Sequence[str]) -> Failures:
        """Take keys off all these resources and return what failed. Raises: nothing of AWS's."""
        ...


def make_api(service: str, client: Any, pace: Pace) -> TagApi:
    """Return the API of a service, as harness.repair.services names it. Raises: nothing."""
    if service == TAGGING:
        return _Tagging(client, pace)
    return _AutoScaling(client, pace) if service == AUTO_SCALING else _OwnOperations(client, pace)


class _Tagging:
    """The Resource Groups Tagging API: botocore's model gives the limits, 100 ARNs to read, 20 to write, 50 keys."""

    reads, writes = 100, 20

    def __init__(self, client: Any, pace: Pace) -> None:
        self._client, self._pace = client, pace

    def read(self, arns: Sequence[str]) -> dict[str, Held | Failure]:
        """Return the tags; GetResources names no resource that is gone, nor one that never had a tag."""
        try:
            answer = self._pace.call(partial(self._client.get_resources, ResourceARNList=list(arns)))
        except GivenUpError as error:
            return dict.fromkeys(arns, Failure(error.reason))
        found = {one["ResourceARN"]: Held(tags_of(one["Tags"])) for one in answer["ResourceTagMappingList"]}
        return {arn: found.get(arn, Held(found=False)) for arn in arns}

    def write(self, arns: Sequence[str], tags: Mapping[str, str], _: Mapping[str, Mapping[str, bool]]) -> Failures:
        return self._sent(partial(self._client.tag_resources, Tags=dict(tags)), arns)

    def remove(self, arns: Sequence[str], keys: Sequence[str]) -> Failures:
        return self._sent(partial(self._client.untag_resources, TagKeys=list(keys)), arns)

    def _sent(self, send: Callable[..., Any], arns: Sequence[str]) -> Failures:
        """Send a call, and again for the resources that failed for a reason that passes."""
        failed: Failures = {}
        left = list(arns)
        for tried in range(1, _ROUNDS + 1):
            try:
                answer = self._pace.call(partial(send, ResourceARNList=left))
            except GivenUpError as error:
                if error.word == _WRONG_PARAMETER and len(left) > 1:  # one ARN is no fault of the others
                    return failed | {key: why for arn in left for key, why in self._sent(send, [arn]).items()}
                return failed | dict.fromkeys(left, _failure(error))
            again = []
            for arn, why in answer.get("FailedResourcesMap", {}).items():
                code, message = why.get("ErrorCode", ""), why.get("ErrorMessage", "")
                failed[arn] = Failure(f"{code}: {message}")
                if is_transient(code, message, why.get("StatusCode")):
                    failed[arn] = Failure(f"{code}: {message}", unsure=True)
                    again.append(arn)
            for arn in set(left) - set(answer.get("FailedResourcesMap", {})):
                failed.pop(arn, None)
            if not again or tried == _ROUNDS:
                break
            left = again
            self._pace.pause(tried, is_throttled=True)
        return failed


class _OwnOperations:
    """Operations of a service that take one resource a call."""

    reads, writes = 1, 1

    def __init__(self, client: Any, pace: Pace) -> None:
        self._client, self._pace = client, pace

    def read(self, arns: Sequence[str]) -> dict[str, Held | Failure]:
        return {arn: self._read(arn) for arn in arns}

    def _read(self, arn: str) -> Held | Failure:
        own = _own(arn)
        tags: dict[str, str] = {}
        more: dict[str, str] = {}
        show = getattr(self._client, own.show)
        answer, returned = ("Marker", "Marker") if own.service == "iam" else ("NextToken", "NextToken")
        while True:
            try:
                page = self._pace.call(partial(show, **{own.argument: _name(own, arn)}, **more))
            except GivenUpError as error:
                return (
                    Held(found=False) if error.word.startswith(("NoSuchEntity", "TargetNotFound")) else _failure(error)
                )
            tags |= tags_of(page["Tags"])
            if not page.get(returned):
                return Held(tags)
            more = {answer: page[returned]}

    def write(self, arns: Sequence[str], tags: Mapping[str, str], _: Mapping[str, Mapping[str, bool]]) -> Failures:
        listed = [{"Key": key, "Value": value} for key, value in tags.items()]
        return self._each(arns, "tag", Tags=listed)

    def remove(self, arns: Sequence[str], keys: Sequence[str]) -> Failures:
        return self._each(arns, "untag", TagKeys=list(keys))

    def _each(self, arns: Sequence[str], verb: str, **arguments: Any) -> Failures:
        failed: Failures = {}
        for arn in arns:
            own = _own(arn)
            send = getattr(self._client, getattr(own, verb))
            try:
                self._pace.call(partial(send, **{own.argument: _name(own, arn)}, **arguments))
            except GivenUpError as error:
                failed[arn] = _failure(error)
        return failed


class _AutoScaling:
    """Auto Scaling: a tag also says whether instances get it, which a repair keeps; a new one they get.

    docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateOrUpdateTags.html. More than 25 groups in a call fail:
    github.com/cloud-custodian/cloud-custodian/issues/4047; so no call has more than 25 tags.
    """

    reads, writes = 25, 25
    _entries = 25

    def __init__(self, client: Any, pace: Pace) -> None:
        self._client, self._pace = client, pace

    def read(self, arns: Sequence[str]) -> dict[str, Held | Failure]:
        names = {_last(arn): arn for arn in arns}
        tags: dict[str, dict[str, str]] = {arn: {} for arn in arns}
        flags: dict[str, dict[str, bool]] = {arn: {} for arn in arns}
        more: dict[str, str] = {}
        wanted = [{"Name": "auto-scaling-group", "Values": list(names)}]
        while True:
            try:
                page = self._pace.call(partial(self._client.describe_tags, Filters=wanted, MaxRecords=100, **more))
            except GivenUpError as error:
                return dict.fromkeys(arns, Failure(error.reason))
            for one in page["Tags"]:
                arn = names[one["ResourceId"]]
                tags[arn][one["Key"]] = one.get("Value") or ""
                flags[arn][one["Key"]] = bool(one["PropagateAtLaunch"])
            if not page.get("NextToken"):
                return {arn: Held(tags[arn], found=bool(tags[arn]), flags=flags[arn]) for arn in arns}
            more = {"NextToken": page["NextToken"]}

    def write(self, arns: Sequence[str], tags: Mapping[str, str], flags: Mapping[str, Mapping[str, bool]]) -> Failures:
        def tag(arn: str, key: str) -> dict[str, Any]:
            return {"Key": key, "Value": tags[key], "PropagateAtLaunch": flags.get(arn, {}).get(key, True)}

        return self._sent(self._client.create_or_update_tags, arns, list(tags), tag)

    def remove(self, arns: Sequence[str], keys: Sequence[str]) -> Failures:
        return self._sent(self._client.delete_tags, arns, keys, lambda _, key: {"Key": key})

    def _sent(
        self, send: Callable[..., Any], arns: Sequence[str], keys: Sequence[str], tag: Callable[[str, str], Any]
    ) -> Failures:
        """Send as few calls as may be; one that AWS refuses is sent for each group by itself, to know which it is."""
        entries = {
            arn: [tag(arn, key) | {"ResourceId": _last(arn), "ResourceType": "auto-scaling-group"} for key in keys]
            for arn in arns
        }
        at_once = max(1, self._entries // max(1, len(keys)))
        failed: Failures = {}
        for start in range(0, len(arns), at_once):
            some = arns[start : start + at_once]
            try:
                self._pace.call(partial(send, Tags=[one for arn in some for one in entries[arn]]))
            except GivenUpError as error:
                if len(some) == 1 or error.unsure:
                    failed |= dict.fromkeys(some, _failure(error))
                    continue
                for arn in some:
                    failed |= self._sent(send, [arn], keys, tag)
        return failed


def _own(arn: str) -> Own:
    found = own_of(arn)
    if found is None:
        raise ValueError(f'must be a resource of a service with operations of its own; got "{arn}". Do report this')
    return found


def _name(own: Own, arn: str) -> str:
    return arn if own.by_arn else _last(arn)


def _last(arn: str) -> str:
    """Return the name behind an ARN's path; names of Auto Scaling groups may hold slashes."""
    _, _, group = arn.partition(":autoScalingGroupName/")
    return group or arn.rpartition("/")[2]


def _failure(error: GivenUpError) -> Failure:
    return Failure(error.reason, error.unsure)
