"""Where moto keeps the resources of each CloudFormation type: the table that `inventory` reads.

A new type is one row. `held_at` is the path of attributes from moto's backend to its resources; mappings and lists on
the way are walked through. Types are those that AWS Config's rule REQUIRED_TAGS sees (modules/aws-facts.yaml), machine
learning, and what usually stands beside it.
"""

from dataclasses import dataclass

STUDIO = "sagemaker_studio"


@dataclass(frozen=True, slots=True)
class HeldType:
    """Say where a type's resources are, and which of their attributes say what.

    `service` is moto's package, such as `awslambda`, or STUDIO; `id` is what AWS Config calls `resourceId`; `arn` is an
    attribute, or the part of the ARN after the account id with `{id}` in it. `created` is empty where moto keeps no
    such time.
    """

    type: str
    service: str
    held_at: str
    id: str
    arn: str = "arn"
    created: str = ""


_EC2 = (
    ("CustomerGateway", "customer_gateways", "customer-gateway", ""),
    ("Instance", "reservations.instances", "instance", "launch_time"),
    ("InternetGateway", "internet_gateways", "internet-gateway", ""),
    ("NatGateway", "nat_gateways", "natgateway", "_created_at"),
    ("NetworkAcl", "network_acls", "network-acl", ""),
    ("NetworkInterface", "enis", "network-interface", ""),
    ("RouteTable", "route_tables", "route-table", ""),
    ("SecurityGroup", "groups", "security-group", ""),
    ("Subnet", "subnets", "subnet", ""),
    ("VPC", "vpcs", "vpc", ""),
    ("VPNConnection", "vpn_connections", "vpn-connection", ""),
    ("VPNGateway", "vpn_gateways", "vpn-gateway", ""),
    ("Volume", "volumes", "volume", "create_time"),
)

_SAGEMAKER = (
    ("Cluster", "clusters", "cluster_name"),
    ("DataQualityJobDefinition", "data_quality_job_definitions", "job_definition_name"),
    ("Domain", "domains", "id"),
    ("Endpoint", "endpoints", "endpoint_name"),
    ("FeatureGroup", "feature_groups", "feature_group_name"),
    ("Model", "_models", "model_name"),
    ("ModelBiasJobDefinition", "model_bias_job_definitions", "job_definition_name"),
    ("ModelCard", "model_cards", "model_card_name"),
    ("ModelExplainabilityJobDefinition", "model_explainability_job_definitions", "job_definition_name"),
    ("ModelPackage", "model_packages", "arn"),
    ("ModelPackageGroup", "model_package_groups", "model_package_group_name"),
    ("ModelQualityJobDefinition", "model_quality_job_definitions", "job_definition_name"),
    ("NotebookInstance", "notebook_instances", "notebook_instance_name"),
    ("Pipeline", "pipelines", "pipeline_name"),
    ("ProcessingJob", "processing_jobs", "processing_job_name"),
    # CloudFormation has no such types; named in its manner.
    ("AutoMLJob", "auto_ml_jobs", "auto_ml_job_name"),
    ("CompilationJob", "compilation_jobs", "compilation_job_name"),
    ("Experiment", "experiments", "experiment_name"),
    ("HyperParameterTuningJob", "hyper_parameter_tuning_jobs", "hyper_parameter_tuning_job_name"),
    ("TrainingJob", "training_jobs", "training_job_name"),
    ("TransformJob", "transform_jobs", "transform_job_name"),
    ("Trial", "trials", "trial_name"),
    ("TrialComponent", "trial_components", "trial_component_name"),
)

# Held by the emulator itself.
_STUDIO = (
    ("App", "apps"),
    ("InferenceComponent", "inference_components"),
    ("MlflowTrackingServer", "mlflow_tracking_servers"),
    ("Project", "projects"),
    ("Space", "spaces"),
    ("UserProfile", "user_profiles"),
)

_OTHERS = (
    HeldType("AWS::ACM::Certificate", "acm", "_certificates", "arn", created="created_at"),
    HeldType("AWS::AutoScaling::AutoScalingGroup", "autoscaling", "autoscaling_groups", "arn", created="created_time"),
    HeldType("AWS::Bedrock::Agent", "bedrockagent", "agents", "agent_id", "agent_arn", "created_at"),
    HeldType(
        "AWS::Bedrock::KnowledgeBase",
        "bedrockagent",
        "knowledge_bases",
        "knowledge_base_id",
        "knowledge_base_arn",
        "created_at",
    ),
    HeldType("AWS::CloudFormation::Stack", "cloudformation", "stacks", "stack_id", "stack_id", "creation_time"),
    HeldType("AWS::CodeBuild::Project", "codebuild", "codebuild_projects", "arn"),
    HeldType("AWS::DynamoDB::Table", "dynamodb", "tables", "name", "table_arn", "created_at"),
    HeldType("AWS::ECR::Repository", "ecr", "repositories", "name", created="created_at"),
    HeldType("AWS::ECS::Cluster", "ecs", "clusters", "arn"),
    HeldType("AWS::ECS::Service", "ecs", "services", "arn"),
    HeldType("AWS::ECS::TaskDefinition", "ecs", "task_definitions", "arn"),
    HeldType("AWS::EFS::FileSystem", "efs", "file_systems_by_id", "file_system_id", "file_system_arn", "creation_time"),
    HeldType("AWS::EKS::Cluster", "eks", "clusters", "name", created="created_at"),
    HeldType(
        "AWS::EKS::FargateProfile", "eks", "clusters.fargate_profiles", "fargate_profile_arn", "fargate_profile_arn"
    ),
    HeldType("AWS::EKS::Nodegroup", "eks", "clusters.nodegroups", "arn", created="created_at"),
    HeldType("AWS::ElasticLoadBalancing::LoadBalancer", "elb", "load_balancers", "name", "loadbalancer/{id}"),
    HeldType("AWS::ElasticLoadBalancingV2::LoadBalancer", "elbv2", "load_balancers", "arn", created="created_time"),
    HeldType("AWS::Glue::Job", "glue", "jobs", "name", created="created_on"),
    HeldType("AWS::KMS::Key", "kms", "keys", "id", created="creation_date"),
    HeldType("AWS::Kinesis::Stream", "kinesis", "streams", "stream_name", created="creation_datetime"),
    HeldType("AWS::Lambda::Function", "awslambda", "_lambdas.latest", "function_name", "function_arn"),
    HeldType("AWS::Logs::LogGroup", "logs", "groups", "name", created="creation_time"),
    HeldType("AWS::OpenSearchService::Domain", "opensearch", "domains", "domain_name", created="creation_date"),
    HeldType("AWS::RDS::DBCluster", "rds", "clusters", "db_cluster_resource_id", created="created"),
    HeldType("AWS::RDS::DBInstance", "rds", "databases", "dbi_resource_id", created="created"),
    HeldType("AWS::RDS::DBSecurityGroup", "rds", "security_groups", "resource_id", created="created"),
    HeldType("AWS::RDS::DBSnapshot", "rds", "database_snapshots", "resource_id", created="created"),
    HeldType("AWS::RDS::DBSubnetGroup", "rds", "subnet_groups", "resource_id", created="created"),
    HeldType("AWS::RDS::EventSubscription", "rds", "event_subscriptions", "resource_id", created="created"),
    HeldType("AWS::Redshift::Cluster", "redshift", "clusters", "resource_id", created="create_time"),
    HeldType("AWS::Redshift::ClusterParameterGroup", "redshift", "parameter_groups", "resource_id"),
    HeldType("AWS::Redshift::ClusterSecurityGroup", "redshift", "security_groups", "resource_id"),
    HeldType("AWS::Redshift::ClusterSnapshot", "redshift", "snapshots", "resource_id", created="create_time"),
    HeldType("AWS::Redshift::ClusterSubnetGroup", "redshift", "subnet_groups", "resource_id"),
    HeldType("AWS::S3::Bucket", "s3", "buckets", "name", created="creation_date"),
    HeldType("AWS::SNS::Topic", "sns", "topics", "arn"),
    HeldType("AWS::SQS::Queue", "sqs", "queues", "queue_arn", "queue_arn", "created_timestamp"),
    HeldType(
        "AWS::SageMaker::EndpointConfig",
        "sagemaker",
        "endpoint_configs",
        "endpoint_config_name",
        "endpoint_config_arn",
        "creation_time",
    ),
    HeldType("AWS::SecretsManager::Secret", "secretsmanager", "secrets", "arn", created="created_date"),
    HeldType("AWS::StepFunctions::StateMachine", "stepfunctions", "state_machines", "arn", created="creation_date"),
)

HELD_TYPES = (
    *(HeldType(f"AWS::EC2::{name}", "ec2", at, "id", f"{noun}/{{id}}", made) for name, at, noun, made in _EC2),
    *(
        HeldType(f"AWS::SageMaker::{name}", "sagemaker", at, id_, created="creation_time")
        for name, at, id_ in _SAGEMAKER
    ),
    *(HeldType(f"AWS::SageMaker::{name}", STUDIO, at, "name", created="created") for name, at in _STUDIO),
    *_OTHERS,
)
