"""`--config` from another folder: refused with where, what and what to do, and nothing is left behind."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.command import Spean

NO_DIALOGS = "there is no folder dialogs/ here, where Spean was started"
USES = (
    ("fair", "list"),
    ("activity", "list"),
    ("fair", "add", "title_km=x"),
    ("broadcast", "list"),
    ("broadcast", "draft", "x", "--km", "x"),
    ("staff", "list"),
    ("case", "list"),
)
STARTS = (("chat",), ("chat", "--data", "kept"), ("run", "--port", "0"), ("run", "--data", "kept"))


@pytest.fixture
def elsewhere(site: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and we stand in it; the site is another."""
    assert (site / "dialogs").is_dir()
    empty = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.chdir(empty)
    return empty


@pytest.mark.parametrize("command", USES, ids=" ".join)
def test_no_empty_store_begins_where_nothing_of_spean_is(
    spean: Spean, site: Path, elsewhere: Path, command: Sequence[str]
) -> None:
    ran = spean(*command, "--config", site / "bot.toml")
    assert (ran.status, ran.out) == (1, "")
    cure = f"cd {site}: file names are meant from there"
    assert ran.err == f"{elsewhere} · {NO_DIALOGS}, and no store var/spean.db · {cure}\n"
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("command", STARTS, ids=" ".join)
def test_nothing_is_started_without_scripts(
    spean: Spean, site: Path, elsewhere: Path, command: Sequence[str]
) -> None:
    ran = spean(*command, "--config", site / "bot.toml")
    assert ran.status == 1
    assert ran.err == f"{elsewhere} · {NO_DIALOGS} · cd {site}: file names are meant from there\n"
    assert list(elsewhere.iterdir()) == []


def test_where_the_settings_stand_alone_the_folder_of_the_scripts_is_asked_for(
    spean: Spean, site: Path, elsewhere: Path
) -> None:
    (elsewhere / "bot.toml").write_bytes((site / "bot.toml").read_bytes())
    ran = spean("fair", "list")
    assert "start Spean in the folder that holds dialogs/ and locales/" in ran.err


def test_scripts_that_are_missing_are_told_in_words_beside_a_store_of_a_whole_name(
    spean: Spean, site: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPEAN_STORAGE__URL", f"sqlite:///{elsewhere / 'new.db'}")
    monkeypatch.setenv("SPEAN_STORAGE__MASTER_KEY_FILE", str(elsewhere / "master.key"))
    ran = spean("fair", "add", "title_km=x", "--config", site / "bot.toml")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith(f"{elsewhere} · {NO_DIALOGS} · ")
    assert "check." not in ran.err


def test_a_store_of_a_whole_name_is_read_from_everywhere(
    spean: Spean, site: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPEAN_STORAGE__URL", f"sqlite:///{site / 'var' / 'spean.db'}")
    monkeypatch.setenv("SPEAN_STORAGE__MASTER_KEY_FILE", str(site / "var" / "master.key"))
    for command in (("fair", "list"), ("broadcast", "list"), ("staff", "list")):
        ran = spean(*command, "--config", site / "bot.toml")
        assert ran.status == 0, ran.err
    assert "dara" in ran.out
    drafted = spean("broadcast", "draft", "x", "--km", "x", "--config", site / "bot.toml")
    looked = spean("broadcast", "preview", drafted.out.strip(), "--config", site / "bot.toml")
    assert "ស្ពានមានដំណឹងជូនអ្នក" in looked.out, "of the live Release, whose words are in the store"
    assert list(elsewhere.iterdir()) == []
