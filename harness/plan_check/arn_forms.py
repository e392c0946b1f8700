"""Say how the ARNs of a type begin, for the dictionary's exemptions: which of them may ever match a resource of it.

docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from typing import Final

from harness.type_facts import TypeFacts

UNKNOWN_FORM: Final = "arn:*:*:*:*:*"

# Type -> form. `*` is any text that is not known, "" included; `?*` is some text, which is never "".
# docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
# docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
_FORMS: Final = {
    "AWS::S3::AccessGrant": "arn:*:s3:?*:?*:access-grants/*",
    "AWS::S3::AccessGrantsInstance": "arn:*:s3:?*:?*:access-grants/*",
    "AWS::S3::AccessGrantsLocation": "arn:*:s3:?*:?*:access-grants/*",
    "AWS::S3::AccessPoint": "arn:*:s3:?*:?*:accesspoint/*",
    "AWS::S3::Bucket": "arn:*:s3:::?*",
    "AWS::S3::StorageLens": "arn:*:s3:?*:?*:storage-lens/*",
    "AWS::S3::StorageLensGroup": "arn:*:s3:?*:?*:storage-lens-group/*",
    "AWS::Serverless::Api": "arn:*:apigateway:?*::/restapis/*",
    "AWS::Serverless::Application": "arn:*:cloudformation:?*:?*:stack/*",
    "AWS::Serverless::CapacityProvider": "arn:*:lambda:?*:?*:*",
    "AWS::Serverless::Function": "arn:*:lambda:?*:?*:function:*",
    "AWS::Serverless::GraphQLApi": "arn:*:appsync:?*:?*:apis/*",
    "AWS::Serverless::HttpApi": "arn:*:apigateway:?*::/apis/*",
    "AWS::Serverless::MicrovmImage": "arn:*:lambda:?*:?*:*",
    "AWS::Serverless::NetworkConnector": "arn:*:lambda:?*:?*:*",
    "AWS::Serverless::SimpleTable": "arn:*:dynamodb:?*:?*:table/*",
    "AWS::Serverless::StateMachine": "arn:*:states:?*:?*:stateMachine:*",
    "AWS::Serverless::WebFunction": "arn:*:lambda:?*:?*:*",
    "AWS::Serverless::WebSocketApi": "arn:*:apigateway:?*::/apis/*",
    "aws_s3_bucket_object": "arn:*:s3:::?*/?*",
    "aws_s3_object": "arn:*:s3:::?*/?*",
    "aws_s3_object_copy": "arn:*:s3:::?*/?*",
    "aws_s3control_access_grant": "arn:*:s3:?*:?*:access-grants/*",
    "aws_s3control_bucket": "arn:*:s3-outposts:?*:?*:outpost/*",
    "aws_s3control_storage_lens_configuration": "arn:*:s3:?*:?*:storage-lens/*",
}
# CloudFormation's service -> that of the ARNs, where the facts have none, or that of the actions, which is another.
_SERVICES: Final = {
    "AWS::ApiGateway": "apigateway",
    "AWS::AppMesh": "appmesh",
    "AWS::DAX": "dax",
    "AWS::DocDB": "rds",
    "AWS::Greengrass": "greengrass",
    "AWS::IVSChat": "ivschat",
    "AWS::NimbleStudio": "nimble",
    "AWS::Pinpoint": "mobiletargeting",
    "AWS::PinpointEmail": "ses",
    "AWS::RDS": "rds",
    "AWS::Redshift": "redshift",
    "AWS::RefactorSpaces": "refactor-spaces",
    "AWS::ServiceCatalog": "catalog",
    "AWS::SSMQuickSetup": "ssm-quicksetup",
    "AWS::WorkSpacesWeb": "workspaces-web",
}


def arn_form(name: str, facts: TypeFacts) -> str:
    """Return the form of a type's ARNs, UNKNOWN_FORM where nothing is known of them. Raises: nothing.

    >>> arn_form("AWS::DocDB::DBCluster", TypeFacts(cloudformation="AWS::DocDB::DBCluster"))
    'arn:*:rds:*:*:*'
    """
    form = _FORMS.get(name) or _FORMS.get(facts.cloudformation)
    if form:
        return form
    service = _SERVICES.get(facts.cloudformation.rpartition("::")[0], facts.service).lower()
    return f"arn:*:{service}:*:*:*" if service else UNKNOWN_FORM
