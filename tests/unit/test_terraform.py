import json
import shutil
import sys
from pathlib import Path

import pytest

from harness.errors import TagrailError
from harness.terraform import Terraform, TerraformError
from harness.terraform_messages import ApplyProgress, read_errors
from harness.terraform_process import RunResult

FAKE = f"""#!{sys.executable}
import json, os, sys
with open(os.environ["FAKE_LOG"], "a") as log:
    log.write(json.dumps([sys.argv[1:], os.environ.get("FAKE_SET"), os.environ.get("FAKE_GONE")]) + "\\n")
sys.stdout.write(os.environ.get("FAKE_STDOUT", ""))
sys.stderr.write(os.environ.get("FAKE_STDERR", ""))
sys.exit(int(os.environ.get("FAKE_EXIT", "0")))
"""


@pytest.fixture
def terraform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terraform:
    fake = tmp_path / "a folder" / "terraform"
    fake.parent.mkdir()
    fake.write_text(FAKE)
    fake.chmod(0o755)
    monkeypatch.setenv("FAKE_LOG", str(tmp_path / "log"))
    monkeypatch.setenv("FAKE_GONE", "from the shell")
    return Terraform(fake, tmp_path, {"FAKE_SET": "1", "FAKE_GONE": None}, (tmp_path / "a.tfvars",), 60)


@pytest.fixture
def calls(tmp_path: Path) -> "Calls":
    return Calls(tmp_path / "log")


class Calls:
    def __init__(self, log: Path) -> None:
        self.log = log

    def arguments(self) -> list[list[str]]:
        return [json.loads(line)[0] for line in self.log.read_text().splitlines()] if self.log.exists() else []


def test_every_flag_is_explicit(terraform: Terraform, calls: Calls, tmp_path: Path) -> None:
    terraform.init()
    terraform.plan(Path(tmp_path / "p"))
    terraform.plan(Path(tmp_path / "p"), destroy=True)
    terraform.apply(Path(tmp_path / "p"))
    terraform.state_list()
    terraform.state_remove(['a.b["c d"]', "e.f"])
    plan = ["plan", "-input=false", "-no-color", "-detailed-exitcode", f"-out={tmp_path}/p", "-lock-timeout=60s"]
    assert calls.arguments() == [
        ["init", "-input=false", "-no-color"],
        [*plan, f"-var-file={tmp_path}/a.tfvars"],
        [*plan, f"-var-file={tmp_path}/a.tfvars", "-destroy"],
        ["apply", "-json", "-input=false", "-lock-timeout=60s", f"{tmp_path}/p"],
        ["state", "list"],
        ["state", "rm", "-lock-timeout=60s", 'a.b["c d"]', "e.f"],
    ]


ATTACHED = f"""#!{sys.executable}
import os, sys
with open(os.environ["FAKE_LOG"], "a") as log:
    print(sys.argv[1], os.environ.get("TF_REATTACH_PROVIDERS"), file=log)
if "TF_REATTACH_PROVIDERS" in os.environ:
    sys.exit("Error: " + os.environ["FAKE_SAYS"])
"""


@pytest.fixture
def attached(terraform: Terraform, monkeypatch: pytest.MonkeyPatch) -> Terraform:
    """Terraform that fails while it is sent to a provider that runs already."""
    terraform.binary.write_text(ATTACHED)
    monkeypatch.setenv("FAKE_SAYS", "Failed to load plugin schemas")
    return Terraform(terraform.binary, terraform.folder, reattach={"TF_REATTACH_PROVIDERS": "{}"}, parallelism=30)


def test_a_command_that_cannot_attach_runs_again_with_a_provider_of_its_own(
    attached: Terraform, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert attached.plan(tmp_path / "p") is False
    attached.apply(tmp_path / "p")
    assert (tmp_path / "log").read_text().splitlines() == ["plan {}", "plan None", "apply None"]
    note = "note: plan could not use the warm provider; terraform starts its own"
    assert capsys.readouterr().err.splitlines() == ["Error: Failed to load plugin schemas", note]


def test_an_apply_never_runs_again(attached: Terraform, tmp_path: Path) -> None:
    with pytest.raises(TerraformError, match="Failed to load plugin schemas"):
        attached.apply(tmp_path / "p")
    assert (tmp_path / "log").read_text().splitlines() == ["apply {}"]


def test_what_the_provider_says_is_no_reason_to_run_again(
    attached: Terraform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_SAYS", "creating KMS Key: AccessDeniedException")
    with pytest.raises(TerraformError, match="AccessDeniedException"):
        attached.plan(tmp_path / "p")
    assert (tmp_path / "log").read_text().splitlines() == ["plan {}"]


def test_parallelism_is_for_plan_and_apply(terraform: Terraform, calls: Calls, tmp_path: Path) -> None:
    wide = Terraform(terraform.binary, tmp_path, parallelism=30)
    wide.init()
    wide.plan(tmp_path / "p")
    wide.apply(tmp_path / "p")
    wide.state_list()
    assert ["-parallelism=30" in arguments for arguments in calls.arguments()] == [False, True, True, False]


def test_variables_are_set_for_the_run_only(
    terraform: Terraform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_SET", "before")
    terraform.state_list()
    assert json.loads((tmp_path / "log").read_text()) == [["state", "list"], "1", None]
    monkeypatch.delenv("FAKE_SET")


@pytest.mark.parametrize(("exit_code", "has_changes"), [(0, False), (2, True)])
def test_plan_tells_whether_it_changes_anything(
    *,
    terraform: Terraform,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    exit_code: int,
    has_changes: bool,
) -> None:
    monkeypatch.setenv("FAKE_EXIT", str(exit_code))
    monkeypatch.setenv("FAKE_STDOUT", "Plan: as terraform prints it\n")
    assert terraform.plan(tmp_path / "p") is has_changes
    assert capsys.readouterr() == ("", "Plan: as terraform prints it\n")


def test_a_plan_is_read_as_json(terraform: Terraform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_STDOUT", '{"a": {"value": [1]}}')
    assert terraform.show_json(tmp_path / "p")["a"]["value"] == [1]


def test_no_state_yet_means_no_addresses(terraform: Terraform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_EXIT", "1")
    monkeypatch.setenv("FAKE_STDERR", "\x1b[31mNo state file was found!\n")
    assert terraform.state_list() == ()


def test_unreadable_state_is_an_error(terraform: Terraform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_EXIT", "1")
    monkeypatch.setenv("FAKE_STDERR", "Error: state is locked\n")
    with pytest.raises(TerraformError, match="Error: state is locked"):
        terraform.state_list()


def test_no_address_runs_nothing(terraform: Terraform, calls: Calls) -> None:
    terraform.state_remove([])
    assert calls.arguments() == []


def test_damaged_state_file_is_left_to_terraform(terraform: Terraform, tmp_path: Path) -> None:
    (tmp_path / "terraform.tfstate").write_text("{")
    assert terraform.state_list() == ()


def test_failure_names_command_exit_code_folder_and_errors(
    terraform: Terraform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_EXIT", "1")
    monkeypatch.setenv("FAKE_STDERR", "\nWarning: old\n\nError: Bad\n\n  on x.tf line 3\n\nError: Worse\n")
    with pytest.raises(TerraformError) as caught:
        terraform.init()
    assert caught.value.exit_code == 3
    assert caught.value.errors == ("Error: Bad\n\n  on x.tf line 3", "Error: Worse")
    assert str(caught.value) == (
        "terraform failed with exit code 1\n"
        f"  command: {terraform.binary} init -input=false -no-color\n"
        f"  folder: {tmp_path}\n"
        "Error: Bad\n\n  on x.tf line 3\nError: Worse"
    )


def test_failure_without_errors_shows_the_end_of_the_output(tmp_path: Path) -> None:
    result = RunResult(("terraform",), 11, "", "".join(f"goroutine {number}\n" for number in range(30)), 1.0)
    text = str(TerraformError(result, tmp_path))
    assert "goroutine 29" in text
    assert "goroutine 9\n" not in text


def test_binary_that_cannot_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(TagrailError, match=r"nothing: must run in .*No such file"):
        Terraform(tmp_path / "nothing", tmp_path).init()


def test_boxed_and_coloured_errors_are_read() -> None:
    box = "\x1b[31m╷\x1b[0m\n\x1b[31m│\x1b[0m \x1b[1mError: Bad\x1b[0m\n│ \n│   on x.tf line 3:\n╵\n"
    assert read_errors("", box) == ("Error: Bad\n\n  on x.tf line 3:",)


@pytest.mark.parametrize(
    ("what", "accounts", "shown"),
    [
        ("Managed Rule (x-1) create", ("111122223333", "444455556666"), "111122223333, 444455556666"),
        ("Custom Policy Rule (x-1) update", (), "one account or more"),
    ],
)
def test_a_failed_rule_of_the_organisation_says_where_to_look(what: str, accounts: tuple[str, ...], shown: str) -> None:
    reasons = "".join(f"\nAccount ID ({account}): NoAvailableConfigurationRecorder: none" for account in accounts)
    error = f"Error: waiting for ConfigService Organization {what}: unexpected state{reasons}"
    (text,) = read_errors("", error)
    assert text.startswith(error)
    assert f"The rule failed in {shown}." in text
    assert "get-organization-config-rule-detailed-status --organization-config-rule-name x-1\n" in text
    assert text.endswith("Do start a recorder there, or name the account under config.excluded_accounts")


@pytest.mark.parametrize(
    "what", ["waiting for ConfigService Organization Managed Rule (x) delete", "creating KMS Key (x) create"]
)
def test_other_errors_stay_as_they_are(what: str) -> None:
    assert read_errors("", f"Error: {what}: no") == (f"Error: {what}: no",)


def test_json_errors_are_read_once() -> None:
    diagnostic = {
        "severity": "error",
        "summary": "Bad",
        "detail": "must be good",
        "address": "a.b",
        "range": {"filename": "x.tf", "start": {"line": 3}},
    }
    line = json.dumps({"@message": "Error: Bad", "type": "diagnostic", "diagnostic": diagnostic})
    wanted = ("Error: Bad\n  on x.tf line 3, with a.b\n  must be good",)
    assert read_errors(f"{line}\n{line}\n", "") == wanted
    assert read_errors(json.dumps({"diagnostics": [diagnostic]}), "") == wanted


def test_apply_progress_counts_operations() -> None:
    said: list[str] = []
    progress = ApplyProgress(said.append)
    for message in (
        {"type": "planned_change", "change": {"action": "replace"}},
        {"type": "planned_change", "change": {"action": "create"}},
        {"type": "planned_change", "change": {"action": "read"}},
        {"type": "apply_start", "hook": {"action": "read", "resource": {"addr": "data.a"}}},
        {"type": "apply_start", "hook": {"action": "create", "resource": {"addr": "x.a"}}},
        {"type": "apply_progress", "hook": {"action": "create", "resource": {"addr": "x.a"}, "elapsed_seconds": 10}},
        {"type": "apply_complete", "hook": {"action": "create", "resource": {"addr": "x.a"}, "elapsed_seconds": 12}},
        {"type": "apply_errored", "hook": {"action": "delete", "resource": {"addr": "x.b"}, "elapsed_seconds": 1}},
        {"type": "log", "@message": "\nInterrupt received.\nPlease wait\n"},
        {"type": "diagnostic", "diagnostic": {"severity": "warning", "summary": "old"}},
        {"type": "change_summary", "changes": {"add": 1, "change": 0, "remove": 0, "operation": "apply"}},
    ):
        progress(json.dumps(message) + "\n")
    progress("panic: not a message\n")
    assert said == [
        "[0/3] x.a: creating\n",
        "[0/3] x.a: still creating (10 s)\n",
        "[1/3] x.a: created (12 s)\n",
        "[1/3] x.b: failed while destroying (1 s)\n",
        "Interrupt received. Please wait\n",
        "Warning: old\n",
        "1 created, 0 changed, 0 destroyed in 0 s\n",
        "panic: not a message\n",
    ]


@pytest.mark.terraform
def test_life_cycle_with_real_terraform(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    binary = shutil.which("terraform")
    assert binary, "this test needs terraform on PATH"
    (tmp_path / "main.tf").write_text(
        'resource "terraform_data" "a" { input = "x" }\noutput "a" { value = terraform_data.a.output }\n'
    )
    terraform = Terraform(Path(binary), tmp_path, {"TF_CLI_CONFIG_FILE": None})
    terraform.init()
    assert terraform.state_list() == ()
    assert terraform.plan(tmp_path / "p") is True
    assert terraform.show_json(tmp_path / "p")["resource_changes"][0]["change"]["actions"] == ["create"]
    terraform.apply(tmp_path / "p")
    assert "[1/1] terraform_data.a: created (0 s)\n1 created, 0 changed, 0 destroyed" in capsys.readouterr().err
    assert terraform.attributes()["terraform_data.a"]["output"] == "x"
    assert terraform.plan(tmp_path / "p") is False
    assert terraform.state_list() == ("terraform_data.a",)
    assert terraform.plan(tmp_path / "p", destroy=True) is True
    terraform.apply(tmp_path / "p")
    assert terraform.plan(tmp_path / "p", destroy=True) is False
    (tmp_path / "main.tf").write_text('output "a" {}\n')
    with pytest.raises(TerraformError, match="Error: Missing required argument"):
        terraform.plan(tmp_path / "p")
