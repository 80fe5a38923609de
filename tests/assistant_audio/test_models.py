import hashlib
import http.server
import io
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from assistant.asr.models import CATALOGUE, ModelInfo, fetch, installed, model_info
from assistant.errors import UserError


def archive(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    return data.getvalue()


GOOD = archive({"tiny/am/final.mdl": b"x" * 200_000, "tiny/conf/model.conf": b""})


class Server(http.server.BaseHTTPRequestHandler):
    content = GOOD
    ranges: ClassVar[list[str | None]] = []
    cut: int | None = None

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        self.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        body = self.content[start:]
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.cut])

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    Server.content, Server.ranges, Server.cut = GOOD, [], None
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def info(site: str, content: bytes = GOOD) -> ModelInfo:
    fingerprint = hashlib.sha256(content).hexdigest()
    return ModelInfo("tiny", f"{site}/tiny.zip", len(content), "Apache-2.0", "for tests", fingerprint)


def test_a_model_is_fetched_verified_and_found(site: str, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    folder = fetch(info(site), tmp_path, lambda so_far, total: seen.append((so_far, total)))
    assert (folder / "am" / "final.mdl").stat().st_size == 200_000
    assert seen[-1] == (len(GOOD), len(GOOD))
    assert installed(tmp_path) == {"tiny": folder}
    assert [path.name for path in folder.parent.iterdir()] == ["tiny"]
    assert fetch(info(site), tmp_path) == folder
    assert len(Server.ranges) == 1


def test_an_interrupted_download_goes_on_where_it_stopped(site: str, tmp_path: Path) -> None:
    Server.cut = 70_000
    with pytest.raises(UserError, match="try again"):
        fetch(info(site), tmp_path)
    Server.cut = None
    folder = fetch(info(site), tmp_path)
    assert folder.is_dir()
    assert Server.ranges == [None, "bytes=70000-"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<html>not a zip</html>" * 10, "not a zip archive"),
        (archive({"tiny/ok": b"1", "../evil": b"2"}), "outside its folder: ../evil"),
        (archive({"other/am/final.mdl": b"1"}), "holds no folder tiny"),
    ],
)
def test_a_hostile_or_wrong_archive_leaves_nothing(site: str, tmp_path: Path, content: bytes, message: str) -> None:
    Server.content = content
    with pytest.raises(UserError, match=message):
        fetch(info(site, content), tmp_path / "data")
    assert installed(tmp_path / "data") == {}
    assert not list(tmp_path.rglob("evil"))


def test_another_content_is_refused_and_deleted(site: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not the model"):
        fetch(replace(info(site), sha256="0" * 64), tmp_path)
    assert not list(tmp_path.rglob("*.part"))


def test_without_a_fingerprint_a_model_is_verified_by_loading(
    site: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UserError, match="not a Vosk model"):
        fetch(replace(info(site), sha256=None), tmp_path)
    assert installed(tmp_path) == {}


def test_without_a_network_it_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="can't be reached"):
        fetch(info("http://127.0.0.1:9"), tmp_path)


def test_an_unknown_name_is_refused_with_a_suggestion() -> None:
    assert model_info("small-en") is CATALOGUE["small-en"]
    with pytest.raises(UserError, match="did you mean 'small-en'"):
        model_info("smal-en")
