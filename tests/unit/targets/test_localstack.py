"""Which services go to a LocalStack, judged by what it answers; the LocalStack is a small server of these tests."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from harness.errors import TagrailError
from harness.targets.emulator import make_emulator_target
from harness.targets.endpoints import reroute, variable_name
from harness.targets.localstack import HEALTH_PATH, Payer, make_localstack_target, read_health
from harness.targets.model import Target

EMULATOR = "http://127.0.0.1:9"
PAYER, ORGANIZATION = "111111111111", "o-tagraillocal"
OF_THE_ORGANIZATION = ("organizations", "sts", "iam", "ce", "budgets", "resourcegroupstaggingapi")


@dataclass
class FakeLocalStack:
    """Serve a health page, and answer calls: `missing` ones with 501, DescribeOrganization, others with a refusal."""

    url: str = ""
    health: object = None
    organization: str = ""
    missing: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)

    def answer(self, operation: str) -> tuple[int, object]:
        if operation in self.missing:
            return 501, {"__type": "InternalFailure", "message": "not implemented"}
        if operation == "DescribeOrganization" and self.organization:
            return 200, {"Organization": {"Id": self.organization}}
        return 400, {"__type": "NoSuchThingException", "message": "refused"}


@pytest.fixture
def localstack() -> Iterator[FakeLocalStack]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send(*((200, fake.health) if self.path == HEALTH_PATH else (404, {})))

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            fake.keys.add(self.headers["Authorization"].split("Credential=")[1].split("/")[0])
            operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
            self.send(*fake.answer(operation or self.path.strip("/")))

        def send(self, status: int, content: object) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake = FakeLocalStack(f"http://127.0.0.1:{listener.server_port}")
    fake.health = {"services": dict.fromkeys(("sns", "kms", "config", *OF_THE_ORGANIZATION), "available")}
    threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True).start()
    yield fake
    listener.shutdown()
    listener.server_close()


def target(localstack: FakeLocalStack, *, organization_rules: bool = False) -> Target:
    payer = Payer(PAYER, ORGANIZATION, organization_rules)
    return make_localstack_target(localstack.url, EMULATOR, "eu-central-1", payer, {})


def goes_there(localstack: FakeLocalStack, service: str, *, organization_rules: bool = False) -> bool:
    found = target(localstack, organization_rules=organization_rules).client(service).meta.endpoint_url
    assert found in (localstack.url, EMULATOR)
    return bool(found == localstack.url)


@pytest.mark.parametrize(
    ("state", "there"), [("available", True), ("running", True), ("disabled", False), ("error", False)]
)
def test_a_service_goes_where_the_health_page_says_it_is_served(
    localstack: FakeLocalStack, state: str, *, there: bool
) -> None:
    localstack.health = {"services": {"sns": state, "dynamodb": state}, "version": "4.14.0", "edition": "community"}
    assert goes_there(localstack, "sns") == there
    assert goes_there(localstack, "dynamodb") == there
    assert not goes_there(localstack, "kms"), "not on the page"


@pytest.mark.parametrize("service", OF_THE_ORGANIZATION)
def test_what_belongs_to_the_organisation_stays_where_the_organisation_is(
    localstack: FakeLocalStack, service: str
) -> None:
    assert not goes_there(localstack, service), "LocalStack has no organisation"
    localstack.organization = "o-another"
    assert not goes_there(localstack, service), "LocalStack has another organisation"
    localstack.organization = ORGANIZATION
    assert goes_there(localstack, service)


@pytest.mark.parametrize(
    ("service", "operation"), [("ce", "ListCostAllocationTags"), ("resourcegroupstaggingapi", "ListRequiredTags")]
)
def test_a_service_that_lacks_what_tagrail_reads_goes_to_the_emulator(
    localstack: FakeLocalStack, service: str, operation: str
) -> None:
    localstack.organization = ORGANIZATION
    localstack.missing = {operation}
    assert not goes_there(localstack, service)


def test_a_service_catalog_without_tag_options_is_none(localstack: FakeLocalStack) -> None:
    localstack.health = {"services": {"servicecatalog": "available"}}
    assert goes_there(localstack, "servicecatalog"), "an edition that has TagOptions"
    localstack.missing = {"ListTagOptions"}
    assert not goes_there(localstack, "servicecatalog")


def test_config_rules_of_the_account_need_guard_texts(localstack: FakeLocalStack) -> None:
    assert goes_there(localstack, "config"), "NoSuchConfigRule says that the operation is there"
    localstack.missing = {"GetCustomRulePolicy"}
    assert not goes_there(localstack, "config")


def test_config_rules_of_the_organisation_need_it_and_their_operations(localstack: FakeLocalStack) -> None:
    assert not goes_there(localstack, "config", organization_rules=True)
    localstack.organization = ORGANIZATION
    assert goes_there(localstack, "config", organization_rules=True)
    localstack.missing = {"DescribeOrganizationConfigRuleStatuses"}
    assert not goes_there(localstack, "config", organization_rules=True)


def test_what_data_exports_writes_to_and_is_queried_by_goes_with_it(localstack: FakeLocalStack) -> None:
    served = dict.fromkeys(("s3", "glue", "athena", "sns"), "available")
    localstack.health = {"services": served, "version": "4.14.0", "edition": "pro"}
    assert all(goes_there(localstack, service) for service in served)
    payer = Payer(PAYER, ORGANIZATION, organization_rules=False, cost_exports=True)
    found = make_localstack_target(localstack.url, EMULATOR, "eu-central-1", payer, {})
    places = {service: found.client(service).meta.endpoint_url for service in (*served, "bcm-data-exports")}
    assert {service for service, url in places.items() if url == localstack.url} == {"sns"}


def test_both_sides_are_asked_as_the_payer_and_without_a_proxy(localstack: FakeLocalStack) -> None:
    found = target(localstack)
    assert found.name == "localstack"
    assert found.variables()["AWS_ACCESS_KEY_ID"] == PAYER
    assert found.variables()["AWS_ENDPOINT_URL"] == EMULATOR
    assert localstack.keys == {PAYER}
    elsewhere = reroute(found, {"sns": "http://localstack.example:4566"})
    assert elsewhere.variables()["NO_PROXY"] == "127.0.0.1,localhost,localstack.example"


def test_nothing_that_answers_says_how_to_get_one() -> None:
    with pytest.raises(TagrailError, match=r"LocalStack: must answer http://127.0.0.1:9/_localstack/health; got .*"):
        read_health(EMULATOR)


@pytest.mark.parametrize("page", [[], {}, {"services": None}, {"services": ["sns"]}, "x"])
def test_another_server_is_no_localstack(localstack: FakeLocalStack, page: object) -> None:
    localstack.health = page
    with pytest.raises(
        TagrailError, match=r"must be the health page of a LocalStack.* Do run tagrail localstack start"
    ):
        target(localstack)


def test_a_service_is_sent_elsewhere_and_no_other() -> None:
    found = reroute(make_emulator_target(EMULATOR, "eu-central-1", {}), {"stepfunctions": "http://127.0.0.1:1"})
    assert found.name == "emulator"
    assert found.client("stepfunctions").meta.endpoint_url == "http://127.0.0.1:1"
    assert found.client("sns").meta.endpoint_url == EMULATOR
    assert variable_name("ce") == "COST_EXPLORER"
