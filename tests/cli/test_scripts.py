"""Broken scripts and words: each named with file and cure, nothing lost, the last good Release live."""

import json
from pathlib import Path

from tests.cli.command import Ran, Spean


def break_menu(house: Path) -> None:
    menu = house / "dialogs" / "menu.toml"
    menu.write_text(menu.read_text("utf-8").replace('next = "end"', 'next = "nowhere"', 1), "utf-8")


def _error(ran: Ran) -> dict[str, str]:
    """The first Finding that is no warning."""
    return next(one for line in ran.lines if (one := json.loads(line))["severity"] == "error")


def test_the_shipped_scripts_are_sound(spean: Spean) -> None:
    ran = spean("check")
    assert ran.status == 0
    assert [line for line in ran.lines if "have no recording" not in line] == []
    assert f" 0 errors, {len(ran.lines)} warnings\n" in ran.err


def test_a_broken_dialog_is_named_with_its_cure(spean: Spean, house: Path) -> None:
    break_menu(house)
    ran = spean("check", "--json")
    assert ran.status == 1
    finding = _error(ran)
    assert (finding["file"], finding["severity"]) == ("dialogs/menu.toml", "error")
    assert "nowhere" in finding["problem"]
    assert finding["cure"]
    khmer = _error(spean("check", "--json", "--language", "km"))
    assert khmer["problem"] != finding["problem"]


def test_a_file_that_is_no_toml(spean: Spean, house: Path) -> None:
    (house / "dialogs" / "menu.toml").write_text('[dialog\nid = "menu"\n', "utf-8")
    ran = spean("check")
    assert ran.status == 1
    assert ran.lines[0].startswith("error: dialogs/menu.toml")
    assert ran.err.endswith(" files: 1 error, 0 warnings\n")


def test_a_missing_translation_is_named(spean: Spean, house: Path) -> None:
    menu = house / "locales" / "km" / "LC_MESSAGES" / "menu.po"
    entries = menu.read_text("utf-8").split("\n\n")
    menu.write_text("\n\n".join(entries[:-1]) + "\n", "utf-8")
    ran = spean("check")
    assert ran.status == 1
    assert "locales/km/LC_MESSAGES/menu.po" in ran.out


def test_a_folder_without_dialogs(spean: Spean, tmp_path: Path) -> None:
    assert spean("check", tmp_path / "locales").err == (
        f"{tmp_path}/locales · there is no folder dialogs/ in it · "
        "name the folder that holds dialogs/ and locales/\n"
    )


def test_a_broken_script_does_not_start_a_new_store_and_leaves_an_old_one_at_its_last_good_release(
    spean: Spean, house: Path
) -> None:
    data = house / "talk"
    assert spean("chat", "--data", data).status == 0
    break_menu(house)
    again = spean("chat", "--data", data, "--json")
    assert again.status == 0
    assert "dialogs/menu.toml" in again.err
    assert "stays live" in again.err
    fresh = spean("chat")
    assert fresh.status == 1
    assert "dialogs/menu.toml" in fresh.err


def test_releases_are_imported_listed_exported_and_rolled_back(spean: Spean, house: Path) -> None:
    first = spean("script", "import").out.strip()
    words = house / "locales" / "en" / "LC_MESSAGES" / "menu.po"
    original = words.read_text("utf-8")
    words.write_text(original.replace("Please choose one.", "Pick one."), "utf-8")
    assert spean("script", "import", "--dry-run").err.endswith("would become live\n")
    assert spean("script", "import").status == 1
    second = spean("script", "import", "--yes").out.strip()
    rows = {row["digest"]: row["live"] for row in map(json.loads, spean("script", "list", "--json").lines)}
    assert rows == {first: False, second: True}
    assert spean("script", "rollback", "--yes").status == 0
    assert spean("script", "export", house / "copy").status == 0
    assert (house / "copy/locales/en/LC_MESSAGES/menu.po").read_text("utf-8") == original
    assert spean("script", "publish", second[:10], "--yes").status == 0
    assert spean("script", "publish", "nonsense").err.startswith(
        "Release nonsense · there is no such Release · "
    )


def test_words_are_formatted_and_updated(spean: Spean, house: Path) -> None:
    assert spean("words", "fmt").out == ""
    words = house / "locales" / "en" / "LC_MESSAGES" / "menu.po"
    tidy = words.read_bytes()
    words.write_bytes(tidy.replace(b"\n\n", b"\n\n\n", 1))
    assert spean("words", "fmt", "--dry-run").out == "write locales/en/LC_MESSAGES/menu.po\n"
    assert spean("words", "fmt").status == 0
    assert words.read_bytes() == tidy
    assert spean("words", "update", "--dry-run").out == ""


def test_the_schema_is_the_one_that_is_kept(spean: Spean) -> None:
    kept = Path(__file__).parents[2] / "docs" / "dialog.schema.json"
    assert json.loads(spean("schema").out) == json.loads(kept.read_text("utf-8"))
