"""Provider aliases, modules two deep, for_each and unknown default_tags, as real Terraform plans them.

What is expected of each address is worked out here from the case alone, not from the plan.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from harness.plan_check.model import UNKNOWN, TagSet
from harness.plan_check.terraform import decode_plan, read_resources
from harness.toolchain import find_terraform
from harness.toolchain_config import cli_variables
from tests.contracts.terraform_root import Root

pytestmark = pytest.mark.terraform

# Provider configuration -> default_tags in HCL, and what of them is known; None = nothing is.
PROVIDERS: Mapping[str, tuple[str, dict[str, str] | None]] = {
    "aws": ('{ owner = "root" }', {"owner": "root"}),
    "aws.west": ("{ owner = var.team, stage = var.stage }", {"owner": "ml", "stage": "prod"}),
    "aws.late": ("{ owner = terraform_data.late.id }", None),
    "aws.none": ("", {}),
}
# Tags in HCL -> those that are known, and whether one is known after apply.
TAGS: Mapping[str, tuple[str, dict[str, str], bool]] = {
    "none": ("null", {}, False),
    "constant": ('{ stage = "dev" }', {"stage": "dev"}, False),
    "partly": ('{ stage = "dev", id = terraform_data.late.id }', {"stage": "dev"}, True),
}
# The SDK shows a map with an unknown value as wholly unknown; the plugin framework keeps what is known.
TYPES = {"aws_sqs_queue": "sdk", "aws_bedrockagent_agent": "framework"}
PLACES = ("", 'module.a["x.y"].', 'module.a["x.y"].module.b[0].', 'module.a["x.y"].module.c["q"].')


class Cell(NamedTuple):
    """One resource of the matrix."""

    place: str
    provider: str
    tags: str
    type: str

    def address(self) -> str:
        return f'{self.place}{self.type}.{self.provider.replace(".", "_")}_{self.tags}["k-1"]'


CELLS = [Cell(*each) for each in product(PLACES, PROVIDERS, TAGS, TYPES)]


def expected(cell: Cell) -> tuple[dict[str, Any], bool]:
    """The tags that are surely there, and whether more may come."""
    defaults = PROVIDERS[cell.provider][1]
    _, own, is_partly = TAGS[cell.tags]
    if is_partly and TYPES[cell.type] == "sdk":
        return dict.fromkeys(defaults or {}, UNKNOWN), True
    tags: dict[str, Any] = {**(defaults or {}), **own}
    return ({**tags, "id": UNKNOWN} if is_partly else tags), defaults is None


def provider_blocks() -> Iterator[str]:
    for name, (tags, _) in PROVIDERS.items():
        alias = f'alias = "{name.partition(".")[2]}"\n' if "." in name else ""
        defaults = f"default_tags {{\n    tags = {tags}\n  }}\n" if tags else ""
        yield f"""provider "aws" {{
  {alias}
  region                      = "eu-central-1"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  {defaults}
}}
"""


def resources() -> Iterator[str]:
    yield 'resource "terraform_data" "late" {}\n'
    for provider, tags, kind in product(PROVIDERS, TAGS, TYPES):
        name = f"{provider.replace('.', '_')}_{tags}"
        body = "name = each.key" if kind == "aws_sqs_queue" else _AGENT
        yield f"""resource "{kind}" "{name}" {{
  for_each = toset(["k-1"])
  provider = {provider}
  {body}
  tags     = {TAGS[tags][0]}
}}
"""


_AGENT = """agent_name              = each.key
  agent_resource_role_arn = "arn:aws:iam::111111111111:role/x"
  foundation_model        = "x"
"""
_ALIASES = ", ".join(name for name in PROVIDERS if "." in name)
_REQUIRED = """terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
      %s
    }
  }
}
"""
_PASSED = "providers = {\n" + "".join(f"    {name} = {name}\n" for name in PROVIDERS) + "  }"
_CALL = 'module "{name}" {{\n  source = "{source}"\n  {repeat}\n  {passed}\n}}\n'


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory, url: str) -> dict[str, TagSet]:
    """Address -> its tags in the plan of the whole matrix."""
    folder = tmp_path_factory.mktemp("matrix")
    inner = _REQUIRED % f"configuration_aliases = [{_ALIASES}]" + "".join(resources())
    variables = 'variable "team" {\n  default = "ml"\n}\nvariable "stage" {\n  default = "prod"\n}\n'
    call_a = _CALL.format(name="a", source="./a", repeat='for_each = toset(["x.y"])', passed=_PASSED)
    call_b = _CALL.format(name="b", source="./b", repeat="count = 1", passed=_PASSED)
    call_c = _CALL.format(name="c", source="./b", repeat='for_each = toset(["q"])', passed=_PASSED)
    root = _REQUIRED % "" + variables + "".join(provider_blocks()) + "".join(resources()) + call_a
    for path, text in {"main.tf": root, "a/main.tf": inner + call_b + call_c, "a/b/main.tf": inner}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return planned(folder, url)


def planned(folder: Path, url: str) -> dict[str, TagSet]:
    environment = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_ENDPOINT_URL": url}
    made = Root(folder, {}, {**cli_variables(folder, find_terraform()), **environment})
    for command in (["init", "-backend=false", "-input=false"], ["plan", "-refresh=false", "-out=plan"]):
        done = made.run(*command, "-no-color")
        assert done.returncode == 0, done.stderr[-2000:]
    found = read_resources(decode_plan(made.run("show", "-json", "plan").stdout.encode(), "plan"), "plan")
    return {resource.address: resource.sets[0] for resource in found.resources}


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.address())
def test_a_resource_has_the_tags_of_its_provider_and_its_own(sets: dict[str, TagSet], cell: Cell) -> None:
    found = sets[cell.address()]
    assert (dict(found.tags), bool(found.more)) == expected(cell)


def test_the_matrix_is_all_there_is(sets: dict[str, TagSet]) -> None:
    assert set(sets) == {cell.address() for cell in CELLS}


def test_the_reason_names_where_tags_come_from(sets: dict[str, TagSet]) -> None:
    late = sets[Cell(PLACES[2], "aws.late", "none", "aws_sqs_queue").address()]
    assert late.more == "default_tags of the provider aws.late come from terraform_data.late.id"
    partly = sets[Cell(PLACES[0], "aws", "partly", "aws_sqs_queue").address()]
    assert partly.more == "tags come from terraform_data.late.id, known after apply"
