"""Read what pipelines made: their executions, and what each step of these made.

docs.aws.amazon.com/sagemaker/latest/APIReference/API_PipelineExecutionStepMetadata.html
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from botocore.exceptions import ClientError

from harness.audit.lineage.refused import Lacking, lists
from harness.audit.lineage.table import values_at
from harness.audit.model import AuditResource, Edge

# Members of a step's metadata with the ARN of what the step made; what it only calls, as a Lambda function, is not.
MADE: Final = (
    "ProcessingJob.Arn",
    "TrainingJob.Arn",
    "TransformJob.Arn",
    "TuningJob.Arn",
    "AutoMLJob.Arn",
    "QualityCheck.CheckJobArn",
    "ClarifyCheck.CheckJobArn",
    "Job.Arn",
    "Model.Arn",
    "RegisterModel.Arn",
    "EndpointConfig.Arn",
    "Endpoint.Arn",
    "InferenceComponent.Arn",
    "BedrockCustomModel.Arn",
    "BedrockCustomModelDeployment.Arn",
    "BedrockModelImport.Arn",
    "BedrockProvisionedModelThroughput.Arn",
)
_EXECUTIONS = "list_pipeline_executions"
_STEPS = "list_pipeline_execution_steps"


def pipeline_edges(client: Any, pipelines: Iterable[AuditResource], lacking: Lacking) -> Iterator[Edge]:
    """Yield edges from pipelines to executions and from these to what steps made.

    Raises: BotoCoreError as boto3 does.
    """
    executions: list[str] = []
    every = lacking.bounded(_EXECUTIONS, list(pipelines), "what pipelines ran")
    for position, pipeline in enumerate(every):
        try:
            for each in lists(client, _EXECUTIONS, "PipelineExecutionSummaries", PipelineName=pipeline.name):
                executions.append(each["PipelineExecutionArn"])
                yield Edge(pipeline.arn, executions[-1], "ListPipelineExecutions.PipelineExecutionArn")
        except ClientError as error:
            if lacking.refused(_EXECUTIONS, error, "what pipelines ran", len(every) - position):
                break
    executions = lacking.bounded(_STEPS, executions, "what executions of pipelines made")
    for position, execution in enumerate(executions):
        try:
            for step in lists(client, _STEPS, "PipelineExecutionSteps", PipelineExecutionArn=execution):
                yield from _made(execution, step)
        except ClientError as error:
            if lacking.refused(_STEPS, error, "what executions of pipelines made", len(executions) - position):
                return


def _made(execution: str, step: dict[str, Any]) -> Iterator[Edge]:
    for member in MADE:
        for arn in values_at(step.get("Metadata", {}), member):
            if arn.startswith("arn:"):
                yield Edge(execution, arn, f"ListPipelineExecutionSteps.Metadata.{member}")
