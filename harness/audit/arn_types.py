"""Name the type of the resource that an ARN names as CloudFormation does, for sources that show ARNs alone."""

from functools import cache

from harness.policy.arn import CLOUDFORMATION_SERVICES, CLOUDFORMATION_TYPES, ArnType, arn_type
from harness.type_facts import cloudformation_type, letters, type_names

# Further ones, of resources that the emulator does not hold.
_SERVICES = CLOUDFORMATION_SERVICES | {
    "aoss": "opensearchserverless",
    "elasticmapreduce": "emr",
    "firehose": "kinesisfirehose",
    "kafka": "msk",
    "mq": "amazonmq",
}
_TYPES = CLOUDFORMATION_TYPES | {"rds:og": "optiongroup", "rds:pg": "dbparametergroup"}
# By ARN service, of types whose ARNs say nothing: the rest is the name alone.
_UNNAMED = {
    "codecommit": "AWS::CodeCommit::Repository",
    "codepipeline": "AWS::CodePipeline::Pipeline",
    "s3": "AWS::S3::Bucket",
    "sns": "AWS::SNS::Topic",
    "sqs": "AWS::SQS::Queue",
}


def type_of(arn: str) -> str:
    """Return CloudFormation's type of what an ARN names, or `AWS::service::type` in its manner where it has none.

    >>> type_of("arn:aws:rds:eu-central-1:111111111111:db:main"), type_of("arn:aws:s3:::logs")
    ('AWS::RDS::DBInstance', 'AWS::S3::Bucket')
    >>> type_of("arn:aws:sagemaker:eu-central-1:111111111111:training-job/j")
    'AWS::SageMaker::TrainingJob'
    >>> type_of("arn:aws:unheard:eu-central-1:111111111111:new-thing/n")
    'AWS::unheard::new-thing'

    Raises: nothing; "" for what is no ARN.
    """
    found = arn_type(arn)
    if found.service == "elasticloadbalancing" and found.kind == "loadbalancer":
        return _load_balancer(found)
    if found.service == "apigateway":
        return _gateway(found)
    return _type(found.service, found.kind)


def kind_of(arn: str) -> str:
    """Return service and type of an ARN as it writes them, `sagemaker:model`. Raises: nothing."""
    found = arn_type(arn)
    return f"{found.service}:{found.kind}"


def _load_balancer(found: ArnType) -> str:
    version = "V2" if found.name.startswith(("app/", "net/", "gwy/")) else ""
    return f"AWS::ElasticLoadBalancing{version}::LoadBalancer"


def _gateway(found: ArnType) -> str:
    """Return the type of an API: docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html.

    The part before the first slash is empty there: `/restapis/ID/stages/NAME`.
    """
    words = [word for word in f"{found.kind}/{found.name}".split("/") if word]
    known = {"restapis": "AWS::ApiGateway::RestApi", "apis": "AWS::ApiGatewayV2::Api"}
    last = words[-2] if len(words) > 2 else words[0] if words else ""
    if last == "stages":
        return "AWS::ApiGateway::Stage" if words[0] == "restapis" else "AWS::ApiGatewayV2::Stage"
    return known.get(last, f"AWS::apigateway::{last}")


@cache
def _type(service: str, kind: str) -> str:
    if not service:
        return ""
    if not kind:
        return _UNNAMED.get(service, f"AWS::{service}::")
    plain = letters(kind)
    named = _TYPES.get(f"{service}:{plain}", plain)
    for name in (f"{_SERVICES.get(service, service)}{named}", f"{service}{named}"):
        if found := _by_letters().get(letters(name)):
            return found
    if service == "sagemaker":  # jobs and the like, which CloudFormation does not make
        return f"AWS::SageMaker::{''.join(word.capitalize() for word in kind.split('-'))}"
    return f"AWS::{service}::{kind}"


@cache
def _by_letters() -> dict[str, str]:
    """Return CloudFormation's types by the letters of their names, and by those that tag policies have where free."""
    names = [name for name in sorted(type_names()) if name.startswith("AWS::")]
    facts = ((name, cloudformation_type(name)) for name in names)
    by_policy = {letters(known.policy): name for name, known in facts if known and known.policy}
    return by_policy | {letters(name.removeprefix("AWS::")): name for name in names}
