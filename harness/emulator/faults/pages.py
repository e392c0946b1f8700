"""The emulator's own pages about faults, the calls that were made, and the steps of a pipeline."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError
from werkzeug.wrappers import Request, Response

from harness.emulator.faults.model import Faults
from harness.emulator.faults.state import counted_calls, present_faults, set_faults
from harness.emulator.process_state import CALLS_PATH, FAULTS_PATH, STEPS_PATH
from harness.emulator.sagemaker.pipelines import put_steps


def _faults_page(request: Request) -> Response:
    """Answer a GET with the faults that hold; a POST of `Faults` as JSON puts others in their place, `{}` none."""
    if request.method == "POST":
        try:
            set_faults(Faults.model_validate(request.get_json(force=True, silent=True)))
        except ValidationError as error:
            return _json({"message": str(error)}, 400)
    return _json(present_faults().model_dump(mode="json"))


def _calls_page(request: Request) -> Response:
    """Answer with the calls since the faults were set; a POST begins to count anew, with the same faults."""
    if request.method == "POST":
        set_faults(present_faults())
    return _json({"calls": counted_calls()})


def _steps_page(request: Request) -> Response:
    """Answer a POST of `{"execution_arn": ..., "steps": [...]}`: what ListPipelineExecutionSteps shows from now on."""
    body: Any = request.get_json(force=True, silent=True)
    try:
        put_steps(str(body["execution_arn"]), body["steps"])
    except (KeyError, TypeError, ValueError) as error:
        return _json({"message": f"must be a POST of an execution_arn and its steps; {error}"}, 400)
    return _json({"steps": len(body["steps"])})


def _json(body: Mapping[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")


FAULT_PAGES: Mapping[str, Callable[[Request], Response]] = {
    CALLS_PATH: _calls_page,
    FAULTS_PATH: _faults_page,
    STEPS_PATH: _steps_page,
}
