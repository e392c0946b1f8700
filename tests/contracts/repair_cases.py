"""Resources in HCL that break rules of tests/unit/plan_check/required.py, each in one way."""

from collections.abc import Mapping
from typing import NamedTuple

PROVIDERS = {
    "aws": "",
    "aws.spelled": 'Owner = "ml"\n    stage = "Dev"',
    "aws.good": 'owner = "ml"\n    stage = "dev"',
}
PROVIDER = """provider "aws" {{
  {alias}
  region                      = "eu-central-1"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
{defaults}}}
"""
COMMON = """terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
variable "tags" {
  type    = map(string)
  default = { owner = "ml" }
}
resource "terraform_data" "late" {}
resource "aws_launch_template" "tagged" {
  provider = aws.good
  tag_specifications {
    resource_type = "instance"
    tags = { owner = "ml", stage = "dev" }
  }
  tag_specifications {
    resource_type = "volume"
    tags = { owner = "ml", stage = "dev" }
  }
}
"""


class Case(NamedTuple):
    """A resource in HCL, and the rules that it breaks; `left` are those that no line of the resource can mend."""

    type: str
    body: str
    rules: set[str]
    provider: str = "aws"
    left: frozenset[str] = frozenset()


def tags(*lines: str, name: str = "tags") -> str:
    return "\n".join((f"  {name} = {{", *(f"    {line}" for line in lines), "  }"))


GOOD = tags('owner = "ml"', 'stage = "dev"')
INSTANCE = '  ami = "ami-1"\n  instance_type = "t3.micro"\n'
DEVICE = """
  ebs_block_device {
    device_name = "/dev/sdf"
    tags = {
      owner = "ml"
      stage = "dev"
    }
  }
"""
GROUP = '  max_size = 1\n  min_size = 1\n  availability_zones = ["eu-central-1a"]\n'
LAUNCHED = '  launch_template {\n    id = aws_launch_template.tagged.id\n    version = "1"\n  }\n'
DATABASE = """  instance_class = "db.t3.micro"
  engine = "mysql"
  allocated_storage = 10
  username = "x"
  password = "xxxxxxxx"
"""
DOMAIN = """  domain_name = "x"
  auth_mode = "IAM"
  vpc_id = "vpc-1"
  subnet_ids = ["subnet-1"]
  default_user_settings {
    execution_role = "arn:aws:iam::111111111111:role/x"
  }
"""
TABLE = """  name = "x"
  billing_mode = "PAY_PER_REQUEST"
  hash_key = "id"
  stream_enabled = true
  stream_view_type = "NEW_AND_OLD_IMAGES"
  attribute {
    name = "id"
    type = "S"
  }
  replica {
    region_name = "eu-west-1"
  }
"""
TARGET = """  rule = "x"
  arn = "arn:aws:ecs:eu-central-1:111111111111:cluster/x"
  role_arn = "arn:aws:iam::111111111111:role/x"
  ecs_target {
    task_definition_arn = "arn:aws:ecs:eu-central-1:111111111111:task-definition/x:1"
  }
"""
NODES = """  cluster_name = "x"
  node_role_arn = "arn:aws:iam::111111111111:role/x"
  subnet_ids = ["subnet-1"]
  scaling_config {
    desired_size = 1
    max_size = 1
    min_size = 1
  }
"""
BATCH = """  type = "MANAGED"
  service_role = "arn:aws:iam::111111111111:role/x"
  compute_resources {
    type = "EC2"
    instance_role = "arn:aws:iam::111111111111:instance-profile/x"
    instance_type = ["m5.large"]
    max_vcpus = 4
    security_group_ids = ["sg-1"]
    subnets = ["subnet-1"]
  }
"""
SERVICE = """  name = "x"
  propagate_tags = "SERVICE"
  volume_configuration {
    name = "v"
    managed_ebs_volume {
      role_arn = "arn:aws:iam::111111111111:role/x"
      size_in_gb = 10
    }
  }
"""
AGENT = """  agent_name = "x"
  agent_resource_role_arn = "arn:aws:iam::111111111111:role/x"
  foundation_model = "x"
"""
BUILDER = '  name = "x"\n  instance_profile_name = "x"\n'


def pair(key: str, value: str, *, propagates: bool = True) -> str:
    lines = (f'key = "{key}"', f'value = "{value}"', f"propagate_at_launch = {str(propagates).lower()}")
    return "\n".join(("  tag {", *(f"    {line}" for line in lines), "  }\n"))


CONFIGURED = '  launch_configuration = "x"\n'
SPECIFICATION = """  tag_specifications {
    resource_type = "instance"
    tags = {
      owner = "ml"
      stage = "DEV"
    }
  }
"""
MISSING, NOT_PROPAGATED = {"missing-key"}, {"not-propagated"}
CASES: Mapping[str, Case] = {
    "no_tags": Case("aws_sqs_queue", "", MISSING),
    "one_tag": Case("aws_sqs_queue", tags('owner = "ml"'), MISSING),
    "of_a_variable": Case("aws_sqs_queue", "  tags = var.tags", MISSING),
    "merged": Case("aws_sqs_queue", '  tags = merge(var.tags, {\n    x = "y"\n  })', MISSING),
    "framework": Case("aws_bedrockagent_agent", AGENT, MISSING),
    "group": Case("aws_autoscaling_group", GROUP + LAUNCHED + pair("owner", "ml"), MISSING),
    "group_value": Case(
        "aws_autoscaling_group", GROUP + LAUNCHED + pair("owner", "ml") + pair("stage", "Dev"), {"value-case"}
    ),
    "template": Case("aws_launch_template", GOOD, MISSING),
    "template_part": Case("aws_launch_template", GOOD + "\n" + SPECIFICATION, {"missing-key", "value-case"}),
    "volumes": Case("aws_instance", INSTANCE + GOOD, MISSING),
    "volume_tags": Case("aws_instance", INSTANCE + GOOD + "\n" + tags('owner = "ml"', name="volume_tags"), MISSING),
    "root_volume": Case(
        "aws_instance", INSTANCE + GOOD + "\n  root_block_device {\n    volume_size = 10\n  }", MISSING
    ),
    "other_volume": Case("aws_instance", INSTANCE + GOOD + DEVICE, MISSING),
    "batch": Case("aws_batch_compute_environment", BATCH + GOOD, MISSING),
    "task_volume": Case("aws_ecs_service", SERVICE + GOOD, MISSING),
    "builder": Case("aws_imagebuilder_infrastructure_configuration", BUILDER + GOOD, MISSING),
    "case": Case("aws_sqs_queue", tags('Owner = "ml"', 'stage = "dev"'), {"key-case"}),
    "old_spelling": Case("aws_sqs_queue", tags('team = "ml"', 'env = "Dev"'), {"deprecated-key", "value-case"}),
    "old_beside_new": Case("aws_sqs_queue", tags('owner = "ml"', 'team = "x"', 'stage = "dev"'), {"deprecated-key"}),
    "twice": Case("aws_sqs_queue", tags('owner = "ml"', 'Owner = "ml"', 'stage = "dev"'), {"duplicate-key"}),
    "prohibited": Case("aws_sqs_queue", tags('owner = "ml"', 'stage = "dev"', 'password = "x"'), {"prohibited-key"}),
    "wrong": Case("aws_sqs_queue", tags('owner = "ml"', 'stage = "live"'), {"wrong-value"}),
    "empty": Case("aws_sqs_queue", tags('owner = ""', 'stage = "dev"'), {"empty-value"}),
    "pattern": Case("aws_sqs_queue", tags('owner = "ml"', 'stage = "dev"', '"cost-center" = "50"'), {"value-pattern"}),
    "personal": Case("aws_sqs_queue", tags('owner = "jane.doe@example.com"', 'stage = "dev"'), {"personal-data"}),
    "long": Case("aws_sqs_queue", tags(f'owner = "{"x" * 257}"', 'stage = "dev"'), {"value-length"}),
    "characters": Case("aws_sqs_queue", tags('owner = "a;b"', 'stage = "dev"'), {"value-characters"}),
    "long_key": Case("aws_sqs_queue", tags('owner = "ml"', 'stage = "dev"', f'"{"k" * 129}" = "v"'), {"key-length"}),
    "of_the_provider": Case("aws_sqs_queue", "", {"key-case", "value-case"}, "aws.spelled"),
    "database": Case("aws_db_instance", DATABASE + GOOD, NOT_PROPAGATED),
    "database_off": Case("aws_db_instance", DATABASE + GOOD + "\n  copy_tags_to_snapshot = false", NOT_PROPAGATED),
    "domain": Case("aws_sagemaker_domain", DOMAIN + GOOD, NOT_PROPAGATED),
    "replica": Case("aws_dynamodb_table", TABLE + GOOD, NOT_PROPAGATED),
    "target": Case("aws_cloudwatch_event_target", TARGET, NOT_PROPAGATED),
    "nodes": Case("aws_eks_node_group", NODES + GOOD, NOT_PROPAGATED),
    "instances": Case(
        "aws_autoscaling_group",
        GROUP + CONFIGURED + pair("owner", "ml", propagates=False) + pair("stage", "dev"),
        NOT_PROPAGATED,
    ),
    "later": Case(
        "aws_sqs_queue", "  tags = { id = terraform_data.late.id }", {"unknown-key"}, left=frozenset({"unknown-value"})
    ),
    "value_later": Case(
        "aws_bedrockagent_agent", AGENT + tags('owner = "ml"', "stage = terraform_data.late.id"), {"unknown-value"}
    ),
}
WRITTEN = {rule for case in CASES.values() for rule in case.rules}
