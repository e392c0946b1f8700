import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from harness.errors import TagrailError
from harness.toolchain import NotFetchedError, find_terraform
from harness.toolchain_release import PINNED_RELEASES, current_platform, pinned_release


@dataclass
class ReleaseServer:
    """Serve one archive as the releases server would, or in one of the ways in which that goes wrong."""

    url: str
    body: bytes = b""
    status: int = 200
    missing_bytes: int = 0
    requests: list[str] = field(default_factory=list)


@pytest.fixture
def releases() -> Iterator[ReleaseServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.requests.append(self.path)
            self.send_response(server.status)
            self.send_header("Content-Length", str(len(server.body) + server.missing_bytes))
            self.end_headers()
            self.wfile.write(server.body)

        def log_message(self, *_: object) -> None:
            pass

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = ReleaseServer(f"http://127.0.0.1:{listener.server_port}/terraform")
    thread = threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    listener.shutdown()
    listener.server_close()


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "bin").mkdir()
    return {"PATH": str(tmp_path / "bin"), "XDG_CACHE_HOME": str(tmp_path / "cache"), "TAGRAIL_RELEASES_URL": ""}


def write_program(path: Path, first_line: str, exit_code: int = 0) -> Path:
    path.write_text(f"#!/bin/sh\necho '{first_line}'\nexit {exit_code}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def make_archive(member: str = "terraform") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(member, "#!/bin/sh\necho 'Terraform v1.11.4'\n")
    return buffer.getvalue()


def write_pins(folder: Path, archive: bytes, platform: str | None = None) -> Path:
    pins = folder / "releases.yaml"
    checksums = {platform or current_platform(): hashlib.sha256(archive).hexdigest()}
    pins.write_text(yaml.safe_dump({"version": "1.11.4", "sha256": checksums}), encoding="utf-8")
    return pins


def left_in_cache(environ: dict[str, str]) -> list[Path]:
    return [path for path in Path(environ["XDG_CACHE_HOME"]).rglob("*") if path.is_file() or "fetch-" in path.name]


def test_named_binary_wins_over_path(environ: dict[str, str], tmp_path: Path) -> None:
    write_program(tmp_path / "bin" / "terraform", "Terraform v1.11.4")
    named = write_program(tmp_path / "other", "OpenTofu v1.10.2")
    binary = find_terraform(environ | {"TAGRAIL_TERRAFORM": str(named)})
    assert (binary.path, binary.version, binary.flavour) == (named, "1.10.2", "tofu")


def test_named_binary_that_is_too_old_is_refused(environ: dict[str, str], tmp_path: Path) -> None:
    named = write_program(tmp_path / "old", "Terraform v1.9.8")
    with pytest.raises(TagrailError, match=r"TAGRAIL_TERRAFORM: must be >= 1\.10; got terraform 1\.9\.8 at .*/old"):
        find_terraform(environ | {"TAGRAIL_TERRAFORM": str(named)})


def test_named_binary_that_is_missing_is_refused(environ: dict[str, str]) -> None:
    with pytest.raises(TagrailError, match=r'TAGRAIL_TERRAFORM: must be a program that can be run; got "/nowhere/tf"'):
        find_terraform(environ | {"TAGRAIL_TERRAFORM": "/nowhere/tf"})


def test_named_program_that_is_no_terraform_is_refused(environ: dict[str, str], tmp_path: Path) -> None:
    named = write_program(tmp_path / "other", "hello")
    with pytest.raises(TagrailError, match='must print its version as terraform or tofu; got exit code 0, "hello"'):
        find_terraform(environ | {"TAGRAIL_TERRAFORM": str(named)})


def test_terraform_on_path_is_taken_before_tofu(environ: dict[str, str], tmp_path: Path) -> None:
    write_program(tmp_path / "bin" / "tofu", "OpenTofu v1.10.0")
    write_program(tmp_path / "bin" / "terraform", "Terraform v1.10.0")
    assert find_terraform(environ).flavour == "terraform"


def test_old_terraform_is_passed_over_with_a_note(environ: dict[str, str], tmp_path: Path) -> None:
    write_program(tmp_path / "bin" / "tofu", "OpenTofu v1.10.0")
    write_program(tmp_path / "bin" / "terraform", "Terraform v1.5.7")
    notes: list[str] = []
    assert find_terraform(environ, note=notes.append).flavour == "tofu"
    assert notes == [f"{tmp_path}/bin/terraform: must be >= 1.10; got terraform 1.5.7; passed over"]


def test_broken_terraform_is_passed_over_with_a_note(environ: dict[str, str], tmp_path: Path) -> None:
    write_program(tmp_path / "bin" / "tofu", "OpenTofu v1.10.0")
    write_program(tmp_path / "bin" / "terraform", "no version is set", exit_code=126)
    notes: list[str] = []
    assert find_terraform(environ, note=notes.append).flavour == "tofu"
    assert 'got exit code 126, "no version is set"' in notes[0]


def test_release_is_fetched_once_then_cached(
    environ: dict[str, str], tmp_path: Path, releases: ReleaseServer, capsys: pytest.CaptureFixture[str]
) -> None:
    releases.body = make_archive()
    environ["TAGRAIL_RELEASES_URL"] = releases.url
    pins = write_pins(tmp_path, releases.body)
    first, second = (find_terraform(environ, pins=pins) for _ in range(2))
    assert first == second
    assert first.version == "1.11.4"
    assert releases.requests == [f"/terraform/1.11.4/terraform_1.11.4_{current_platform()}.zip"]
    assert left_in_cache(environ) == [first.path]
    assert "fetching terraform 1.11.4 from http://127.0.0.1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("body", "missing_bytes", "status", "message"),
    [
        pytest.param(b"PK tampered", 0, 200, "must be a zip archive", id="no zip"),
        pytest.param(b"<html>login", 0, 200, "got a file that starts with b'<html>login'", id="login page"),
        pytest.param(make_archive("other"), 0, 200, "must have SHA-256 .* nothing of it was unpacked", id="checksum"),
        pytest.param(make_archive()[:50], 99, 200, r"must be 149 bytes; got 50, the connection was cut", id="cut"),
        pytest.param(b"", 0, 404, "got HTTP 404", id="not found"),
    ],
)
def test_bad_download_is_refused_and_leaves_nothing(
    *,
    environ: dict[str, str],
    tmp_path: Path,
    releases: ReleaseServer,
    body: bytes,
    missing_bytes: int,
    status: int,
    message: str,
) -> None:
    releases.body, releases.missing_bytes, releases.status = body, missing_bytes, status
    environ["TAGRAIL_RELEASES_URL"] = releases.url
    with pytest.raises(TagrailError, match=message):
        find_terraform(environ, pins=write_pins(tmp_path, make_archive()))
    assert left_in_cache(environ) == []


def test_archive_without_terraform_is_refused(environ: dict[str, str], tmp_path: Path, releases: ReleaseServer) -> None:
    releases.body = make_archive("README.md")
    environ["TAGRAIL_RELEASES_URL"] = releases.url
    with pytest.raises(TagrailError, match='must hold a file "terraform"'):
        find_terraform(environ, pins=write_pins(tmp_path, releases.body))
    assert left_in_cache(environ) == []


def test_without_fetching_the_release_to_come_is_named(environ: dict[str, str], tmp_path: Path) -> None:
    pins = write_pins(tmp_path, make_archive())
    with pytest.raises(NotFetchedError, match=r"Do install it, or let plan and apply fetch 1\.11\.4") as none:
        find_terraform(environ, pins=pins, fetch=False)
    assert none.value.release.url.startswith("https://releases.hashicorp.com/terraform/1.11.4/")


def test_a_broken_program_in_the_cache_is_to_be_removed(environ: dict[str, str], tmp_path: Path) -> None:
    pins = write_pins(tmp_path, make_archive())
    broken = tmp_path / "cache/tagrail/terraform/1.11.4" / current_platform() / "terraform"
    broken.parent.mkdir(parents=True)
    write_program(broken, "Segmentation fault", 139)
    with pytest.raises(TagrailError, match="Do remove it, and it will be fetched again"):
        find_terraform(environ, pins=pins)


def test_offline_names_every_way_out(environ: dict[str, str], tmp_path: Path) -> None:
    environ["TAGRAIL_RELEASES_URL"] = "http://127.0.0.1:9/terraform"
    with pytest.raises(TagrailError, match=r"must be reachable; got .*refused") as caught:
        find_terraform(environ, pins=write_pins(tmp_path, b""))
    for way in ("Do install terraform or tofu >= 1.10", "TAGRAIL_TERRAFORM", "TAGRAIL_RELEASES_URL"):
        assert way in str(caught.value)


def test_platform_without_checksum_is_never_fetched(
    environ: dict[str, str], tmp_path: Path, releases: ReleaseServer
) -> None:
    environ["TAGRAIL_RELEASES_URL"] = releases.url
    pins = write_pins(tmp_path, b"", platform="plan9_mips")
    with pytest.raises(
        TagrailError, match=rf"got none for {current_platform()}, only for plan9_mips\. Do install terraform"
    ):
        find_terraform(environ, pins=pins)
    assert releases.requests == []


def test_releases_url_must_be_http(environ: dict[str, str], tmp_path: Path) -> None:
    environ["TAGRAIL_RELEASES_URL"] = "file:///srv/terraform"
    with pytest.raises(TagrailError, match="TAGRAIL_RELEASES_URL: must be an http"):
        find_terraform(environ, pins=write_pins(tmp_path, b""))


def test_cache_that_is_a_file_is_named(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("")
    with pytest.raises(TagrailError, match=r"cache/tagrail: must be a folder that can be written.*XDG_CACHE_HOME"):
        find_terraform(environ, pins=write_pins(tmp_path, b""))


@pytest.mark.parametrize("platform", ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64"])
def test_shipped_pins_cover_the_usual_platforms(platform: str) -> None:
    release = pinned_release(PINNED_RELEASES, platform, "https://example.com/terraform/")
    assert release.url == f"https://example.com/terraform/1.11.4/terraform_1.11.4_{platform}.zip"
    assert len(release.sha256) == 64
