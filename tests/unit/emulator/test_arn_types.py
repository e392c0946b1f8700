"""Resources that are known by ARN alone have the type and id that moto's own would have."""

import pytest

from harness.emulator.arn_types import identity

PLACE = "eu-central-1:111111111111"


@pytest.mark.parametrize(
    ("arn", "resource_type", "id_"),
    [
        (f"ec2:{PLACE}:natgateway/nat-1", "AWS::EC2::NatGateway", "nat-1"),
        ("s3:::bucket", "AWS::S3::Bucket", "bucket"),
        (f"sns:{PLACE}:topic", "AWS::SNS::Topic", f"arn:aws:sns:{PLACE}:topic"),
        (f"sqs:{PLACE}:queue", "AWS::SQS::Queue", f"arn:aws:sqs:{PLACE}:queue"),
        (f"lambda:{PLACE}:function:f", "AWS::Lambda::Function", "f"),
        (f"rds:{PLACE}:cluster:c", "AWS::RDS::DBCluster", "c"),
        (f"sagemaker:{PLACE}:notebook-instance/n", "AWS::SageMaker::NotebookInstance", "n"),
        (f"sagemaker:{PLACE}:experiment-trial/t", "AWS::SageMaker::Trial", "t"),
        (f"elasticfilesystem:{PLACE}:file-system/fs-1", "AWS::EFS::FileSystem", "fs-1"),
        (f"es:{PLACE}:domain/d", "AWS::OpenSearchService::Domain", "d"),
        (f"logs:{PLACE}:log-group:/aws/x:*", "AWS::Logs::LogGroup", "/aws/x"),
        (
            f"states:{PLACE}:stateMachine:m",
            "AWS::StepFunctions::StateMachine",
            f"arn:aws:states:{PLACE}:stateMachine:m",
        ),
        (
            f"elasticloadbalancing:{PLACE}:loadbalancer/app/l/1",
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            f"arn:aws:elasticloadbalancing:{PLACE}:loadbalancer/app/l/1",
        ),
        (f"elasticloadbalancing:{PLACE}:loadbalancer/l", "AWS::ElasticLoadBalancing::LoadBalancer", "l"),
        (f"wafv2:{PLACE}:regional/webacl/w/1", "AWS::wafv2::regional", "webacl/w/1"),
    ],
    ids=lambda value: value.split(":", 1)[0] if ":" in value else value,
)
def test_an_arn_has_a_type_and_an_id(arn: str, resource_type: str, id_: str) -> None:
    assert identity(f"arn:aws:{arn}") == (resource_type, id_)
