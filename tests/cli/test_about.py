"""Commands that only tell: version, settings, help, and how misuse is answered."""

import json
from pathlib import Path

import pytest

from tests.cli.command import Spean


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
