"""The executions of a pipeline with their steps, which point at the jobs and models that each step made.

docs.aws.amazon.com/sagemaker/latest/APIReference/API_PipelineExecutionStepMetadata.html. The emulator runs no pipeline:
a seed, or who calls `/_tagrail/pipeline-steps`, says what its steps have made.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from botocore.validate import ParamValidator
from moto.sagemaker.models import sagemaker_backends

from harness.emulator.clock import unix_time
from harness.emulator.sagemaker.listed import description
from harness.emulator.sagemaker.listing import answer_list
from harness.emulator.sagemaker.shapes import output_of
from harness.emulator.sagemaker.store import Studio, studio_of
from harness.emulator.wire import AwsError, page

_PAGE = 10
_STEPS = "ListPipelineExecutionSteps"


def add_run(account_id: str, region: str, pipeline: str, execution_id: str, status: str) -> str:
    """Make an execution with an id of the caller's, and return its ARN.

    Raises: moto's ValidationError for a pipeline that is not there.
    """
    backend = sagemaker_backends[account_id][region]
    made = backend.start_pipeline_execution(pipeline, "", [], "", {}, "")["PipelineExecutionArn"]
    executions = backend.pipelines[pipeline].pipeline_executions
    execution = executions.pop(made)
    execution.arn = f"{made.rpartition('/')[0]}/{execution_id}"
    execution.pipeline_execution_status = status
    executions[execution.arn] = execution
    return str(execution.arn)


def put_steps(execution_arn: str, steps: Sequence[Mapping[str, Any]]) -> None:
    """Say what the steps of an execution are, as ListPipelineExecutionSteps shows them.

    Raises: ValueError for what is no such step, or no execution.
    """
    problems = ParamValidator().validate({"PipelineExecutionSteps": list(steps)}, output_of(_STEPS))
    if problems.has_errors():
        raise ValueError(problems.generate_report())
    if not _is_execution(execution_arn):
        raise ValueError(f"must be the ARN of an execution; got {execution_arn}")
    now = unix_time()
    usual = {"StartTime": now, "EndTime": now, "StepStatus": "Succeeded", "AttemptCount": 1}
    studio_of(execution_arn).steps[execution_arn] = [{**usual, **step} for step in steps]


def list_steps(backend: Studio, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of the steps of an execution, the last one first as on AWS.

    Raises: AwsError ResourceNotFound or InvalidNextTokenException.
    """
    arn = request["PipelineExecutionArn"]
    if not _is_execution(arn) or studio_of(arn) is not backend:
        raise AwsError("ResourceNotFound", f"Pipeline execution {arn} does not exist.")
    found = backend.steps.get(arn, [])
    ordered = found if request.get("SortOrder") == "Ascending" else found[::-1]
    shown, following = page(ordered, request, "MaxResults", _PAGE)
    return {"PipelineExecutionSteps": shown, **following}


def list_executions(backend: Studio, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of a pipeline's executions; one of a seed's list, by its ARN alone, has none.

    Raises: AwsError InvalidNextTokenException; moto's ValidationError for a pipeline that is not there.
    """
    place = backend.account_id, backend.region_name
    name = request["PipelineName"].rpartition("/")[2]
    moto = sagemaker_backends[place[0]][place[1]]
    is_listed = name not in moto.pipelines and description("DescribePipeline", place, {"PipelineName": name})
    found = [] if is_listed else moto.list_pipeline_executions(name)["PipelineExecutionSummaries"]
    return answer_list("ListPipelineExecutions", found, request, "PipelineExecutionArn")


def _is_execution(arn: str) -> bool:
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[2] != "sagemaker":
        return False
    name = parts[5].split("/")[1] if "/" in parts[5] else ""
    pipeline = sagemaker_backends[parts[4]][parts[3]].pipelines.get(name)
    return pipeline is not None and arn in pipeline.pipeline_executions
