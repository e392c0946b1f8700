"""Answer as AWS does for an organisation of any size, as fast as one process can, and count the calls.

Nothing is stored: what a page holds follows from account, region and page. `python -m tests.bench.audit_stub --help`.
One resource in ten never had a tag; of the others one in ten has a wrong tag, one in ten lacks a key.
"""

import argparse
import asyncio
import json
import re
from collections import Counter
from dataclasses import dataclass

from harness.audit.sources.listing import listings

KEYS = {
    "anycompany:workload:application-id": "fraud-model",
    "anycompany:workload:environment": "prod",
    "anycompany:finance:owner": "fraud-team",
    "anycompany:finance:business-unit": "Retail",
    "anycompany:finance:cost-center": "5045",
    "anycompany:security:data-classification": "internal",
}
KINDS = (
    "sagemaker training-job/",
    "sagemaker model/",
    "sagemaker notebook-instance/",
    "ec2 instance/i-",
    "ec2 volume/vol-",
    "lambda function:f-",
    "dynamodb table/t-",
    "sqs q-",
)
TAGGING, EXPLORER, CONFIG, SEARCH = 100, 999, 100, 100
SEARCHED = {"TrainingJob": "sagemaker training-job/", "Model": "sagemaker model/"}
REGIONS = ("eu-central-1", "us-east-1", "eu-west-1")
COUNTS_PATH = "/counts"
_CREDENTIAL = re.compile(rb"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/")


@dataclass(frozen=True, slots=True)
class World:
    """Hold the size of the organisation; each account and region has the same number of resources."""

    accounts: int
    resources: int

    @property
    def each(self) -> int:
        """Return how many resources an account has in a region."""
        return self.resources // (self.accounts * len(REGIONS))

    def account(self, number: int) -> str:
        """Return the id of an account; the first is the payer's."""
        return f"{100_000_000_000 + number}"

    def arn(self, account: str, region: str, number: int) -> str:
        service, _, name = KINDS[number % len(KINDS)].partition(" ")
        return f"arn:aws:{service}:{region}:{account}:{name}{number:08}"


def is_tagged(number: int) -> bool:
    """Tell whether a resource ever had a tag."""
    return number % 10 != 7


def tags_of(number: int) -> dict[str, str]:
    """Return the tags of one that had."""
    tags = dict(KEYS)
    if number % 10 == 3:
        tags["anycompany:workload:environment"] = "production"
    if number % 10 == 5:
        del tags["anycompany:finance:owner"]
    return tags


class Answers:
    """Work out answers; `counts` are calls by service and operation."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.counts: Counter[str] = Counter()
        self._tagged = [number for number in range(world.each) if is_tagged(number)]
        self._tags = [
            json.dumps([{"Key": key, "Value": value} for key, value in tags_of(number).items()]) for number in range(10)
        ]
        self._lower = [text.replace('"Key"', '"key"').replace('"Value"', '"value"') for text in self._tags]

    def answer(self, service: str, operation: str, account: str, region: str, body: bytes) -> str:
        self.counts[f"{service}:{operation}"] += 1
        found = getattr(self, f"_{service}_{operation}".lower().replace("-", "_"), None)
        if found is not None:
            return str(found(account, region, body))
        if service == "sagemaker" and operation.startswith("List"):
            return json.dumps(_EMPTY_LISTS[operation.lower()])
        raise LookupError(f"{service}:{operation}")

    def _sts_assumerole(self, _: str, __: str, body: bytes) -> str:
        found = re.search(rb"iam%3A%3A(\d{12})%3Arole", body)
        account = found[1].decode() if found else ""
        return (
            '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>'
            f"<AccessKeyId>ASIA{account}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
            "<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
            "</AssumeRoleResult></AssumeRoleResponse>"
        )

    def _ec2_describeregions(self, _: str, __: str, ___: bytes) -> str:
        names = "".join(f"<item><regionName>{name}</regionName></item>" for name in REGIONS)
        space = "http://ec2.amazonaws.com/doc/2016-11-15/"
        return f'<DescribeRegionsResponse xmlns="{space}"><regionInfo>{names}</regionInfo></DescribeRegionsResponse>'

    def _organizations_describeorganization(self, *_: object) -> str:
        return json.dumps({"Organization": {"Id": "o-stub000000", "MasterAccountId": self.world.account(0)}})

    def _organizations_listroots(self, *_: object) -> str:
        return json.dumps({"Roots": [{"Id": "r-stub", "PolicyTypes": []}]})

    def _organizations_listorganizationalunitsforparent(self, *_: object) -> str:
        return json.dumps({"OrganizationalUnits": []})

    def _organizations_listaccountsforparent(self, _: str, __: str, body: bytes) -> str:
        start, stop, token = _page(body, self.world.accounts, 20)
        found = [
            {"Id": self.world.account(each), "Name": f"a-{each}", "Status": "ACTIVE"} for each in range(start, stop)
        ]
        return json.dumps({"Accounts": found, **token})

    def _organizations_listtagsforresource(self, *_: object) -> str:
        return json.dumps({"Tags": [{"Key": key, "Value": value} for key, value in KEYS.items()]})

    def _ce_listcostallocationtags(self, *_: object) -> str:
        found = [{"TagKey": key, "Type": "UserDefined", "Status": "Active"} for key in KEYS]
        return json.dumps({"CostAllocationTags": found})

    def _tagging_getresources(self, account: str, region: str, body: bytes) -> str:
        start, stop, token = _page(body, len(self._tagged), TAGGING, "PaginationToken")
        rows = ",".join(
            f'{{"ResourceARN":"{self.world.arn(account, region, each)}","Tags":{self._tags[each % 10]}}}'
            for each in self._tagged[start:stop]
        )
        return f'{{"ResourceTagMappingList":[{rows}],"PaginationToken":"{token.get("PaginationToken", "")}"}}'

    def _config_describeconfigurationaggregators(self, *_: object) -> str:
        source = {"AllAwsRegions": True, "RoleArn": "arn:aws:iam::1:role/r"}
        found = {"ConfigurationAggregatorName": "all", "OrganizationAggregationSource": source}
        return json.dumps({"ConfigurationAggregators": [found]})

    def _config_selectaggregateresourceconfig(self, _: str, __: str, body: bytes) -> str:
        start, stop, token = _page(body, self.world.resources, CONFIG)
        rows = []
        for account, region, number in self._places(start, stop):
            arn = self.world.arn(account, region, number)
            tags = self._lower[number % 10] if is_tagged(number) else "[]"
            place = f'"accountId":"{account}","awsRegion":"{region}"'
            rows.append(f'{{{place},"arn":"{arn}","resourceType":"AWS::Any::Thing","tags":{tags}}}')
        return json.dumps({"Results": rows, **token})

    def _sagemaker_search(self, account: str, region: str, body: bytes) -> str:
        """Answer with the training jobs or models that were ever tagged, as the audit knows no others."""
        wanted = str(json.loads(body)["Resource"])
        numbers = [each for each in self._tagged if KINDS[each % len(KINDS)] == SEARCHED.get(wanted)]
        start, stop, token = _page(body, len(numbers), SEARCH)
        rows = [self._record(wanted, self.world.arn(account, region, each)) for each in numbers[start:stop]]
        return json.dumps({"Results": rows, **token})

    @staticmethod
    def _record(wanted: str, arn: str) -> dict[str, object]:
        shown = {f"{wanted}Arn": arn, f"{wanted}Name": arn.rpartition("/")[2]}
        return {wanted: {wanted: shown} if wanted == "Model" else shown}

    def _explorer_listviews(self, *_: object) -> str:
        return json.dumps({"Views": ["arn:aws:resource-explorer-2:eu-central-1:1:view/all/1"]})

    def _explorer_getview(self, *_: object) -> str:
        scope = "arn:aws:organizations::1:organization/o-stub000000"
        return json.dumps({"View": {"ViewArn": "arn:aws:x", "Scope": scope, "Filters": {"FilterString": ""}}})

    def _explorer_listresources(self, _: str, __: str, body: bytes) -> str:
        start, stop, token = _page(body, self.world.resources, EXPLORER)
        rows = ",".join(
            f'{{"Arn":"{self.world.arn(account, region, number)}","OwningAccountId":"{account}","Region":"{region}",'
            '"ResourceType":"x","Service":"x","Properties":[]}'
            for account, region, number in self._places(start, stop)
        )
        following = f',"NextToken":"{token["NextToken"]}"' if token else ""
        return f'{{"Resources":[{rows}]{following}}}'

    def _places(self, start: int, stop: int) -> list[tuple[str, str, int]]:
        """Return account, region and number of the resources from `start` to `stop` in the whole organisation."""
        each, regions = self.world.each, len(REGIONS)
        found = ((index // each, index % each) for index in range(start, stop))
        return [(self.world.account(at // regions), REGIONS[at % regions], number) for at, number in found]


_EMPTY_LISTS = {each.operation.replace("_", ""): {each.items: []} for each in listings()}


def _page(body: bytes, total: int, most: int, name: str = "NextToken") -> tuple[int, int, dict[str, str]]:
    asked = json.loads(body or b"{}")
    start = int(asked.get(name) or 0)
    size = min(most, int(asked.get("MaxResults") or asked.get("Limit") or asked.get("ResourcesPerPage") or most))
    stop = min(total, start + size)
    return start, stop, {name: str(stop)} if stop < total else {}


class Connection(asyncio.Protocol):
    """Read requests of one connection and answer each."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._data = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        while (end := self._data.find(b"\r\n\r\n")) >= 0:
            head = self._data[:end]
            found = re.search(rb"(?i)content-length: (\d+)", head)
            length = int(found[1]) if found else 0
            if len(self._data) < end + 4 + length:
                return
            body = self._data[end + 4 : end + 4 + length]
            self._data = self._data[end + 4 + length :]
            self._transport.write(self._reply(head, body))

    def _reply(self, head: bytes, body: bytes) -> bytes:
        path = head.split(b" ", 2)[1].decode()
        if path == COUNTS_PATH:
            return _http(200, json.dumps(self._answers.counts))
        found = _CREDENTIAL.search(head)
        key, region, service = (part.decode() for part in found.groups()) if found else ("", "", "")
        account = key.removeprefix("ASIA") if key.startswith("ASIA") else self._answers.world.account(0)
        target = re.search(rb"(?i)x-amz-target: ([^\r]+)", head)
        if target:
            operation = target[1].decode().rpartition(".")[2]
        elif path != "/":
            operation = path.strip("/")
        else:
            action = re.search(rb"Action=(\w+)", body)
            operation = action[1].decode() if action else ""
        try:
            return _http(200, self._answers.answer(_SHORT.get(service, service), operation, account, region, body))
        except LookupError as error:
            return _http(400, json.dumps({"__type": "NotImplemented", "message": str(error)}))


_SHORT = {"resource-explorer-2": "explorer"}


def _http(status: int, text: str) -> bytes:
    body = text.encode()
    return (
        b"HTTP/1.1 %d OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: %d\r\n\r\n"
        % (
            status,
            len(body),
        )
        + body
    )


async def serve(world: World, port: int) -> None:
    """Serve until the process ends; the port is printed."""
    answers = Answers(world)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(answers), "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=400)
    parser.add_argument("--resources", type=int, default=1_000_000)
    parser.add_argument("--port", type=int, default=0)
    asked = parser.parse_args()
    asyncio.run(serve(World(asked.accounts, asked.resources), asked.port))


if __name__ == "__main__":
    main()
