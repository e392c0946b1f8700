"""The process of LocalStack and where it is installed; a small server stands in for LocalStack's own program."""

import sys
from pathlib import Path

import psutil
import pytest

from harness import localstack
from harness.errors import TagrailError
from harness.localstack.installation import LOCALSTACK, PYTHON_VARIABLE
from harness.localstack.process import settings
from harness.tool_installation import build_tools, ensure_installed, find_python, installation_folder, requirements

SERVER = f"""#!{sys.executable}
import http.server, os, sys
assert sys.argv[1:3] == ["-m", "localstack.runtime.main"]
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{{"services": {{"sns": "available"}}}}')
host, _, port = os.environ["GATEWAY_LISTEN"].partition(":")
http.server.HTTPServer((host, int(port)), Health).serve_forever()
"""


def said(text: str) -> None:
    pytest.fail(f"nothing takes long here, but it said: {text}")


def program(cache: Path, text: str) -> None:
    """Put a program in the place of the installed LocalStack."""
    file = installation_folder(LOCALSTACK) / "bin" / "python"
    assert cache in file.parents
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    file.chmod(0o755)
    (installation_folder(LOCALSTACK) / "complete").touch()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("AWS_ENDPOINT_URL", "LOCALSTACK_HOST", "USE_SSL", PYTHON_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    return tmp_path / "cache"


def test_start_status_address_and_stop(tmp_path: Path, cache: Path) -> None:
    program(cache, SERVER)
    folder = tmp_path / "state"
    assert localstack.status(folder) is None
    assert not localstack.stop(folder)
    assert localstack.find_url(folder) == "http://localhost:4566"
    found = localstack.start(folder, said)
    try:
        assert localstack.start(folder, said) == found == localstack.status(folder)
        assert localstack.find_url(folder) == found.url
        assert (folder / "localstack-files").is_dir()
        with pytest.raises(
            TagrailError, match=f"must listen on port 1; it has {found.port}. Do run tagrail localstack"
        ):
            localstack.start(folder, said, port=1)
    finally:
        assert localstack.stop(folder)
    assert not psutil.pid_exists(found.pid) or psutil.Process(found.pid).status() == psutil.STATUS_ZOMBIE
    assert localstack.status(folder) is None
    assert not (folder / "localstack-files").exists()


def test_one_that_ends_at_once_shows_its_log_and_leaves_nothing(tmp_path: Path, cache: Path) -> None:
    program(cache, "#!/bin/sh\necho no such module\nexit 7\n")
    with pytest.raises(TagrailError, match=r"(?s)ended with exit code 7 before it was ready.*no such module"):
        localstack.start(tmp_path, said)
    assert localstack.status(tmp_path) is None
    assert not (tmp_path / "localstack.json").exists()


def test_a_taken_port_is_named(tmp_path: Path, cache: Path) -> None:
    program(cache, SERVER)
    found = localstack.start(tmp_path / "one", said)
    try:
        with pytest.raises(TagrailError, match=f"port {found.port}: must be free on 127.0.0.1"):
            localstack.start(tmp_path / "two", said, port=found.port)
    finally:
        localstack.stop(tmp_path / "one")


def test_nothing_of_the_users_shell_reaches_it_and_it_reaches_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCALSTACK_AUTH_TOKEN", "secret")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com")
    found = settings(tmp_path, 4000)
    assert found["GATEWAY_LISTEN"] == "127.0.0.1:4000"
    assert {"LOCALSTACK_AUTH_TOKEN", "HTTPS_PROXY"}.isdisjoint(found)
    assert {found[name] for name in ("SKIP_SSL_CERT_DOWNLOAD", "DISABLE_EVENTS")} == {"1"}


@pytest.mark.parametrize(
    ("variables", "url"),
    [
        ({"LOCALSTACK_HOST": "box:4599"}, "http://box:4599"),
        ({"LOCALSTACK_HOST": "box", "USE_SSL": "1"}, "https://box:4566"),
        ({"AWS_ENDPOINT_URL": "http://box:1/", "LOCALSTACK_HOST": "other"}, "http://box:1"),
    ],
)
def test_the_users_address_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], url: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert localstack.find_url(tmp_path) == url


def test_a_host_that_is_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCALSTACK_HOST", "box:port")
    with pytest.raises(TagrailError, match=r'LOCALSTACK_HOST: must be host:port; got "box:port"\. Do write it'):
        localstack.find_url(tmp_path)


def python_of(folder: Path, answer: str) -> Path:
    file = folder / "python3.13"
    file.write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def test_the_named_python_is_the_only_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PYTHON_VARIABLE, str(python_of(tmp_path, "echo usable")))
    assert find_python(LOCALSTACK) == tmp_path / "python3.13"
    monkeypatch.setenv(PYTHON_VARIABLE, str(python_of(tmp_path, "echo 3.12.1")))
    with pytest.raises(TagrailError, match=rf"got {tmp_path}/python3.13: 3.12.1. Do install Python 3.13, or set"):
        find_python(LOCALSTACK)
    monkeypatch.setenv(PYTHON_VARIABLE, str(tmp_path / "absent"))
    with pytest.raises(TagrailError, match="No such file or directory"):
        find_python(LOCALSTACK)


def test_pythons_are_looked_for_on_path_and_where_version_managers_keep_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shims, kept = tmp_path / "shims", tmp_path / "pyenv" / "versions" / "3.13.9" / "bin"
    for folder, answer in ((shims, "echo 'command not found' >&2; exit 127"), (kept, "echo usable")):
        folder.mkdir(parents=True)
        python_of(folder, answer)
    monkeypatch.setenv("PATH", str(shims))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("UV_PYTHON_INSTALL_DIR", raising=False)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    assert find_python(LOCALSTACK) == kept / "python3.13"
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "nowhere"))
    with pytest.raises(TagrailError, match=r"looked at TAGRAIL_LOCALSTACK_PYTHON, python3.13 .*: command not found"):
        find_python(LOCALSTACK)


def test_a_failed_installation_shows_the_command_and_is_not_taken_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        PYTHON_VARIABLE, str(python_of(tmp_path, '[ "$1" = -c ] && echo usable || { echo full; exit 4; }'))
    )
    told: list[str] = []
    with pytest.raises(TagrailError, match=r"(?s)-m venv .*: ended with exit code 4:\nfull\nDo check"):
        ensure_installed(LOCALSTACK, told.append)
    assert "takes 1 to 3 minutes" in told[0]
    assert not (installation_folder(LOCALSTACK) / "complete").exists()


def test_the_build_tool_is_hashed_too() -> None:
    tools = build_tools(requirements(LOCALSTACK))
    assert tools.startswith("setuptools==")
    assert tools.count("==") == 1
    assert "--hash=sha256:" in tools
