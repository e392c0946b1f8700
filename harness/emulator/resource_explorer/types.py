"""The resource types that AWS Resource Explorer finds, of the services that the inventory and seeds usually have.

docs.aws.amazon.com/resource-explorer/latest/userguide/supported-resource-types.html, as of February 2026. What is not
in this list is not found, jobs of SageMaker for example, tagged or not.
"""

from functools import cache

from harness.policy.arn import arn_type

_LISTED = """
acm: certificate
acm-pca: certificate-authority
athena: datacatalog workgroup
autoscaling: autoScalingGroup
backup: backup-plan backup-vault report-plan
batch: compute-environment job-definition job-queue scheduling-policy
bedrock: agent agent-alias application-inference-profile data-automation-project flow guardrail knowledge-base prompt
bedrock: prompt-router
cloudformation: stack stackset
cloudfront: distribution function
cloudtrail: channel dashboard eventdatastore trail
cloudwatch: alarm dashboard insight-rule metric-stream
codebuild: project
codecommit: repository
codepipeline: pipeline webhook
cognito-identity: identitypool
cognito-idp: userpool
comprehend: document-classifier entity-recognizer flywheel
config: config-rule
datasync: location task
dms: cert endpoint es rep subgrp task
dynamodb: table
ec2: capacity-reservation client-vpn-endpoint customer-gateway dedicated-host dhcp-options egress-only-internet-gateway
ec2: elastic-ip fleet image instance internet-gateway ipam key-pair launch-template natgateway network-acl
ec2: network-interface placement-group prefix-list reserved-instances route-table security-group security-group-rule
ec2: snapshot spot-fleet-request spot-instances-request subnet transit-gateway transit-gateway-attachment
ec2: transit-gateway-route-table volume vpc vpc-endpoint vpc-flow-log vpc-peering-connection vpn-connection vpn-gateway
ecr: repository
ecs: capacity-provider cluster container-instance service task-definition task-set
eks: cluster eks-anywhere-subscription podidentityassociation
elasticache: cluster parametergroup replicationgroup reserved-instance snapshot subnetgroup user usergroup
elasticbeanstalk: application applicationversion configurationtemplate environment
elasticfilesystem: access-point file-system
elasticloadbalancing: listener/app listener/net listener-rule/app loadbalancer loadbalancer/app loadbalancer/gwy
elasticloadbalancing: loadbalancer/net targetgroup
elasticmapreduce: cluster
emr-serverless: applications
es: domain
events: api-destination archive connection endpoint event-bus rule
firehose: deliverystream
fsx: backup file-system
glue: crawler dataQualityRuleset database job mlTransform registry table trigger
iam: group instance-profile mfa oidc-provider policy role saml-provider server-certificate user
kafka: cluster configuration
kinesis: stream
kinesisanalytics: application
kms: key
lambda: code-signing-config event-source-mapping function
logs: destination log-group
memorydb: acl cluster parametergroup snapshot subnetgroup user
mq: broker configuration
network-firewall: firewall firewall-policy stateful-rulegroup stateless-rulegroup
personalize: dataset dataset-group schema solution
pipes: pipe
quicksight: dataset datasource template theme
ram: resource-share
rds: auto-backup cev cluster cluster-endpoint cluster-pg cluster-snapshot db db-proxy db-proxy-endpoint deployment es
rds: global-cluster og pg ri secgrp snapshot subgrp
redshift: cluster eventsubscription parametergroup snapshot snapshotcopygrant snapshotschedule subnetgroup usagelimit
rekognition: project
resource-explorer-2: index view
resource-groups: group
route53: domain healthcheck hostedzone
s3: accesspoint bucket multiregionaccesspoint storage-lens storage-lens-group
sagemaker: action algorithm app app-image-config artifact cluster code-repository context domain endpoint
sagemaker: endpoint-config experiment experiment-trial experiment-trial-component feature-group flow-definition hub
sagemaker: human-task-ui image image-version inference-component inference-experiment mlflow-tracking-server model
sagemaker: model-card model-package model-package-group monitoring-schedule notebook-instance
sagemaker: notebook-instance-lifecycle-config pipeline project space studio-lifecycle-config user-profile workforce
sagemaker: workteam
scheduler: schedule-group
secretsmanager: secret
servicecatalog: applications attribute-groups
sns: topic
sqs: queue
ssm: association document maintenancewindow managed-instance parameter resource-data-sync session
ssm: windowtarget windowtask
states: activity stateMachine
transfer: agreement certificate connector profile server user workflow
vpc-lattice: service servicenetwork targetgroup
wafv2: ipset regexpatternset rulegroup webacl
workspaces: connectionalias workspace
"""


@cache
def supported_types() -> frozenset[str]:
    """Return the types, `service:type`. Raises: nothing."""
    rows = (line.partition(": ") for line in _LISTED.strip().splitlines())
    return frozenset(f"{service}:{kind}" for service, _, kinds in rows for kind in kinds.split())


def explored_type(arn: str) -> str | None:
    """Return the type of a resource; None for one that is not supported.

    >>> explored_type("arn:aws:elasticloadbalancing:eu-central-1:111111111111:loadbalancer/app/a/1")
    'elasticloadbalancing:loadbalancer/app'
    >>> explored_type("arn:aws:sagemaker:eu-central-1:111111111111:training-job/t")

    Raises: nothing.
    """
    service, kind, name = arn_type(arn)
    longer = f"{service}:{kind}/{name.partition('/')[0]}"
    return next((found for found in (longer, f"{service}:{kind}") if found in supported_types()), None)
