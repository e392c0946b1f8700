"""Positions of resources in folders of sources: modules, overrides, JSON, what is not there."""

import os
import time
from pathlib import Path

import pytest

from harness.plan_check.hcl import Position, positions, split_address

MAIN = """\
module "net" {
  source = "./modules/net"
}

module "eks" {
  source  = "terraform-aws-modules/eks/aws" # version 20
  version = "~> 20.0"
}

module "git" { source = "git::https://example.com/x.git//sub?ref=v1" }

resource "aws_s3_bucket" "logs" {
  count  = 2
  bucket = "logs"

  tags = { Name = "logs" }
}

data "aws_s3_bucket" "logs" { bucket = "other" }
"""
NET = """\
module "subnet" {
  for_each = { a = 1 }
  source   = "../subnet"
}
resource "aws_vpc" "this" {}
"""
SUBNET = 'resource "aws_subnet" "this" {\n  tags = merge(var.tags, { Name = "x" })\n}\n'
OVERRIDE = 'resource "aws_s3_bucket" "logs" {\n  tags = {}\n}\nresource "aws_s3_bucket" "more" {}\n'
JSON = """{
  "resource": {
    "aws_sqs_queue": {
      "jobs": {
        "name": "jobs",
        "tags": {"Name": "x"}
      }
    }
  },
  "module": {"inner": {"source": "./modules/subnet"}}
}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {
        "main.tf": MAIN,
        "a_override.tf": OVERRIDE,
        "queue.tf.json": JSON,
        "notes.txt": 'resource "aws_s3_bucket" "notes" {}',
        ".hidden.tf": 'resource "aws_s3_bucket" "hidden" {}',
        "new.tofu": 'resource "aws_s3_bucket" "tofu" {}',
        "modules/net/main.tf": NET,
        "modules/subnet/main.tf": SUBNET,
    }
    for name, text in files.items():
        path = tmp_path / "envs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.chdir(tmp_path)
    return Path("envs")


@pytest.mark.parametrize(
    ("address", "position"),
    [
        ("aws_s3_bucket.logs[0]", Position("envs/main.tf", 12, 16)),
        ("data.aws_s3_bucket.logs", Position("envs/main.tf", 19)),
        ("aws_s3_bucket.more", Position("envs/a_override.tf", 4)),
        ("aws_s3_bucket.tofu", Position("envs/new.tofu", 1)),
        ("aws_sqs_queue.jobs", Position("envs/queue.tf.json", 4, 6)),
        ("module.net.aws_vpc.this", Position("envs/modules/net/main.tf", 5)),
        ('module.net.module.subnet["a.b"].aws_subnet.this["x"]', Position("envs/modules/subnet/main.tf", 1, 2)),
        ("module.inner.aws_subnet.this", Position("envs/modules/subnet/main.tf", 1, 2)),
        ("module.eks.module.node[0].aws_instance.this", Position("envs/main.tf", 5, is_call=True)),
        ("module.git.aws_instance.this", Position("envs/main.tf", 10, is_call=True)),
        ("module.net.aws_subnet.none", Position("envs/main.tf", 1, is_call=True)),
        ("module.net.module.none.aws_subnet.x", Position("envs/main.tf", 1, is_call=True)),
        ("module.none.aws_subnet.none", None),
        ("aws_s3_bucket.none", None),
        ("aws_s3_bucket.notes", None),
        ("aws_s3_bucket.hidden", None),
        ("", None),
        ("aws_s3_bucket", None),
        ("no address!", None),
        ("module.net", None),
    ],
)
def test_position(folder: Path, address: str, position: Position | None) -> None:
    assert positions(folder).position(address) == position


def test_modules_beside_the_root_have_plain_paths(folder: Path) -> None:
    (folder / "prod").mkdir()
    (folder / "prod" / "main.tf").write_text('module "s" { source = "../modules/subnet" }')
    assert positions(folder / "prod").position("module.s.aws_subnet.this") == Position(
        "envs/modules/subnet/main.tf", 1, 2
    )


def test_a_module_that_calls_itself_ends(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('module "a" { source = "./" }\nresource "x" "y" {}')
    assert positions(tmp_path).position("module.a." * 500 + "x.y") == Position(f"{tmp_path}/main.tf", 2)


def test_what_cannot_be_read_has_no_position(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.tf")
    (tmp_path / "folder.tf").mkdir()
    (tmp_path / "gone.tf").symlink_to("nowhere")
    (tmp_path / "latin.tf").write_bytes(b'# \xe9\nresource "x" "y" {}')
    (tmp_path / "mark.tf").write_bytes(b'\xef\xbb\xbfresource "x" "marked" {}')
    found = positions(tmp_path)
    assert found.position("x.y") == Position(f"{tmp_path}/latin.tf", 2)
    assert found.position("x.marked") == Position(f"{tmp_path}/mark.tf", 1)
    assert positions(tmp_path / "none").position("x.y") is None
    assert positions(Path("a\0b")).position("x.y") is None


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("a.b", ["a", "b"]),
        ('module.m["a\\"].b"].a.b[0]', ["module", "m", "a", "b"]),
        ("module.m[count.index].a.b", ["module", "m", "a", "b"]),
        ("a.größe-1", ["a", "größe-1"]),
        ('a["', []),
        ("a b", []),
    ],
)
def test_addresses(address: str, names: list[str]) -> None:
    assert split_address(address) == names


def test_a_thousand_files_take_less_than_a_second(tmp_path: Path) -> None:
    block = """
resource "aws_s3_bucket" "b{0}" {{
  bucket = "x-${{var.name}}-{0}" # comment
  policy = <<-EOT
    {{"a": "resource \\"x\\" \\"y\\" {{"}}
  EOT
  tags = {{ Name = "x ${{upper("y")}}" }}
}}
"""
    for number in range(1000):
        (tmp_path / f"f{number}.tf").write_text("".join(block.format(number * 10 + each) for each in range(10)))
    start = time.process_time()
    found = positions(tmp_path).position("aws_s3_bucket.b9999")
    assert time.process_time() - start < 1
    assert found == Position(f"{tmp_path}/f999.tf", 74, 79)
