"""Bad input from outside: a damaged store, a wrong key, a wrong token, a port in use. Nothing is lost."""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from storage.database import Database
from tests.cli.command import Spean


@pytest.fixture
def store(spean: Spean, house: Path) -> Path:
    assert spean("staff", "add", "dara").status == 0
    return house / "var" / "spean.db"


def test_a_damaged_store_is_named_and_left_as_it_is(spean: Spean, store: Path) -> None:
    store.write_bytes(b"this is no store" * 1000)
    ran = spean("staff", "list")
    assert ran.status == 1
    assert ran.err.startswith("[storage] url · var/spean.db is damaged or no Spean store")
    assert store.read_bytes() == b"this is no store" * 1000
    assert "fault: [storage] url · " in spean("doctor").out


def test_a_wrong_key_changes_nothing(spean: Spean, store: Path, house: Path) -> None:
    key = house / "var" / "master.key"
    before = store.read_bytes()
    key.write_bytes(bytes(32))
    ran = spean("staff", "list")
    assert ran.status == 1
    assert ran.err.startswith(
        "[storage] master_key_file · the master key is not the one that sealed this store"
    )
    assert store.read_bytes() == before
    key.write_bytes(b"short")
    assert "5 bytes instead of 32" in spean("staff", "list").err
    assert key.read_bytes() == b"short"


def test_a_store_that_is_served_is_not_served_twice(spean: Spean, store: Path, house: Path) -> None:
    serving = Database.open(f"sqlite:///{store}", serve=True)
    try:
        ran = spean("chat", "--data", house / "var")
        assert ran.status == 1
        assert "already served by another process" in ran.err
        assert spean("staff", "list").status == 0  # commands work beside the server
    finally:
        serving.close_now()


def test_the_tables_are_of_this_version(spean: Spean) -> None:
    assert spean("db", "current").status == 1
    assert spean("db", "upgrade").status == 0
    assert spean("db", "current").status == 0
    assert spean("db", "downgrade", "base").status == 1
    assert spean("db", "downgrade", "base", "--yes").status == 0
    assert spean("db", "current").lines[0] == "current none"


def test_a_port_in_use_names_the_setting(spean: Spean) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = spean("run", "--port", taken.getsockname()[1])
    assert ran.status == 1
    assert ran.err.splitlines()[-1].startswith("[web] port · the port is in use")


class Refusing(BaseHTTPRequestHandler):
    """A Bot API that knows no token."""

    def do_POST(self) -> None:
        body = b'{"ok": false, "error_code": 401, "description": "Unauthorized"}'
        self.send_response(401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def refusing() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Refusing)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_wrong_token_is_told_without_the_token(
    spean: Spean, refusing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"ENABLED": "true", "TOKEN": "7001:planted", "API_BASE": refusing}.items():
        monkeypatch.setenv(f"SPEAN_TELEGRAM__{name}", value)
    ran = spean("run", "--port", 0)
    assert ran.status == 1
    assert ran.err.splitlines()[-1].startswith("[telegram] · telegram.token was refused")
    assert "planted" not in ran.err


def test_a_folder_that_may_not_be_written(spean: Spean, house: Path) -> None:
    (house / "file").write_text("", "utf-8")
    ran = spean("chat", "--data", house / "file" / "below")
    assert ran.status == 1
    assert " · " in ran.err
