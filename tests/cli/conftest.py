"""A command line under test: the real `main`, in a folder of its own."""

import io
import logging
import os
import shutil
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
import structlog

from bot.cli.app import main
from bot.clock import SystemClock
from tests.cli.command import THAT_DAY, Ran, Spean

ROOT = Path(__file__).parents[2]
BEGAN = monotonic()


@pytest.fixture(autouse=True)
def _that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is one Sunday of 2026, whenever the tests run: the fairs in them are still to come."""
    monkeypatch.setattr(SystemClock, "now", lambda _: THAT_DAY + timedelta(seconds=monotonic() - BEGAN))


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the settings, dialogs and words, and we stand in it; no setting comes from outside."""
    shutil.copy(ROOT / "bot.toml", tmp_path)
    for folder in ("dialogs", "locales"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.upper().startswith("SPEAN_")]:
        monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def spean(house: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Spean]:
    """Runs `spean …` and gives back what it left. `typed`: standard input."""
    assert Path.cwd() == house

    def run(*arguments: object, typed: str | bytes = "") -> Ran:
        piped = typed if isinstance(typed, bytes) else typed.encode()
        monkeypatch.setattr(sys, "argv", ["spean", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(piped), encoding="utf-8"))
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capfd.readouterr()
        assert "Traceback" not in printed.err
        code = ended.value.code
        return Ran(code if isinstance(code, int) else int(code is not None), printed.out, printed.err)

    yield run
    structlog.reset_defaults()  # a command sends logs to the standard error of its own test
    logging.basicConfig(handlers=[logging.NullHandler()], level=logging.WARNING, force=True)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the store of a site waits to be copied, once a test has made it."""
    return tmp_path_factory.mktemp("prepared") / "var"


@pytest.fixture
def site(spean: Spean, house: Path, prepared: Path) -> Path:
    """A live Release, and staff."""
    if prepared.exists():
        shutil.copytree(prepared, house / "var")
        return house
    assert spean("script", "import").status == 0
    for name, role in (("dara", "caseworker"), ("vanna", "viewer"), ("gone", "viewer")):
        assert spean("staff", "add", name, "--role", role, "--centre", "pursat").status == 0
    assert spean("staff", "disable", "gone", "--yes").status == 0
    shutil.copytree(house / "var", prepared)
    return house
