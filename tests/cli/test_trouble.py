"""Bad input from outside: a damaged store, a wrong key, a wrong token, a port in use. Nothing is lost."""

import errno
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from bot.cli.complaint import complaints
from bot.cli.refused import Complaint
from bot.cli.serving import port_taken
from bot.config import Settings
from storage.database import Database
from storage.faults import BadKeyFile, StoreDown, WrongKey
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


def test_a_lost_key_is_asked_for_and_no_new_one_is_made(spean: Spean, store: Path, house: Path) -> None:
    key = house / "var" / "master.key"
    kept = key.read_bytes()
    before = store.read_bytes()
    key.unlink()
    for command in (("staff", "list"), ("chat", "--data", house / "var")):
        ran = spean(*command)
        assert ran.status == 1
        assert ran.err.startswith("[storage] master_key_file · the master key file ")
        assert "master.key is missing · Put it back from its copy" in ran.err
        assert not key.exists()
    assert store.read_bytes() == before
    key.write_bytes(kept)
    assert spean("staff", "list").status == 0


def test_tables_made_before_the_first_start_need_no_key_yet(spean: Spean, house: Path) -> None:
    assert spean("db", "upgrade").status == 0
    assert spean("staff", "add", "dara").status == 0
    assert (house / "var" / "master.key").exists()


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


def test_the_internal_port_in_use_names_its_own_setting(
    spean: Spean, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("SPEAN_WEB__INTERNAL_PORT", str(taken.getsockname()[1]))
        ran = spean("run", "--port", 0)
    assert ran.status == 1
    assert ran.err.splitlines()[-1] == (
        "[web] internal_port · the port is in use · "
        "stop the other program, or choose another [web] internal_port"
    )


def test_two_listeners_on_one_port_and_unknown_words_name_both_settings() -> None:
    settings = Settings.model_validate({"web": {"port": 9000, "internal_port": 9000}})
    for words in ("error while attempting to bind on address ('127.0.0.1', 9000)", "in use"):
        refused = port_taken(OSError(errno.EADDRINUSE, words), settings)
        assert refused.complaint.where == "[web] port or [web] internal_port"
        assert refused.complaint.cure == (
            "stop the other program, or choose another with --port or [web] port "
            "and choose another [web] internal_port"
        )


def test_a_wrong_key_file_names_its_setting_whatever_is_wrong_with_it() -> None:
    for error in (WrongKey("it is another. Put it back"), BadKeyFile("it is cut. Put it back")):
        assert complaints(error) == (Complaint("[storage] master_key_file", str(error)[:-13], "Put it back"),)
    (other,) = complaints(StoreDown("it is gone. Start it"))
    assert other.where == "[storage] url"


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
