"""Commands that only tell: version, settings, help, and how misuse is answered."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.app import COMMANDS
from tests.cli.command import Spean

ROOT = Path(__file__).parents[2]


def test_version_names_what_it_stands_on(spean: Spean) -> None:
    ran = spean("version")
    assert ran.status == 0
    assert ran.lines[0] == "spean 0.1.0"
    assert json.loads(spean("version", "--json").out)["python-telegram-bot"] == "22.8"


def test_settings_are_shown_with_secrets_hidden(spean: Spean, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPEAN_TELEGRAM__TOKEN", "7001:planted")
    ran = spean("config", "show", "--json")
    assert ran.status == 0
    assert json.loads(ran.out)["telegram"]["token"] == "***"
    assert "planted" not in spean("config", "show").out


def test_a_bad_setting_names_place_and_cure(spean: Spean, house: Path) -> None:
    (house / "bot.toml").write_text("[web]\nprot = 1\n", "utf-8")
    ran = spean("config", "show")
    assert ran.status == 1
    assert ran.out == ""
    assert ran.err == "bot.toml, line 2: [web] prot · unknown key · did you mean port?\n"


def test_another_settings_file_may_be_named(spean: Spean) -> None:
    ran = spean("config", "show", "--config", "elsewhere.toml")
    assert ran.status == 1
    assert ran.err == (
        "elsewhere.toml · there is no such file · "
        "start Spean in the folder that holds bot.toml, or name the file with --config FILE\n"
    )


@pytest.mark.parametrize(
    "words", [["nonsense"], ["version", "--nonsense"], ["config"], ["understand", "love"]]
)
def test_misuse_is_status_2(spean: Spean, words: list[str]) -> None:
    ran = spean(*words)
    assert ran.status == 2
    assert "Usage: spean" in ran.out + ran.err


@pytest.mark.parametrize(
    "words", ["version", "config show", "check", "schema", "understand number", "words fmt --dry-run"]
)
def test_what_needs_no_server_loads_none(house: Path, words: str) -> None:
    assert Path.cwd() == house
    ask = (
        f"import sys; sys.argv = ['spean', *{words.split()!r}]; sys.path.insert(0, {str(ROOT)!r})\n"
        "from bot.cli.app import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([name for name in ('bot.app', 'aiohttp', 'telegram', 'sqlalchemy') if name in sys.modules])"
    )
    ran = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", ask], input="12\n", capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines()[-1] == "[]"


def test_help_names_every_command(spean: Spean) -> None:
    told = spean("--help").out
    for name in COMMANDS:
        assert f"\n  {name} " in told
        assert spean(name, "--help").status == 0
