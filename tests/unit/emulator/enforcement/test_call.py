"""Requests are read by the models of the services that they ask."""

from moto.backend_index import backend_url_patterns

from harness.emulator.enforcement.call import model_name

NOT_OF_AWS = {"instance_metadata", "moto_api", "moto_api._internal"}


def test_every_service_of_moto_has_a_model() -> None:
    names = {name for name, _ in backend_url_patterns}
    assert {name for name in names if model_name(name) is None} == names & NOT_OF_AWS
    assert model_name("bedrockagent") == "bedrock-agent"
    assert model_name("awslambda") == "lambda"
