"""What becomes live: legal answers by two members of staff where people are reached; and the doctor."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot import scripts
from bot.cli.serving import tell_imported
from bot.clock import SystemClock
from bot.core.finding import Place, find
from bot.runner.publishing import Imported, publish
from storage.database import Database
from tests.cli.command import THAT_DAY, Spean
from tests.cli.site import audited

PAY = "q01-wages-owed"


def test_a_release_with_another_legal_answer_is_published_by_two(spean: Spean, site: Path) -> None:
    first = spean("script", "list", "--json").lines
    file = site / "locales/en/LC_MESSAGES/faq-pay.po"
    text = file.read_text("utf-8")
    file.write_text(text.replace("Thank you for asking us.", "Thank you for your question.", 1), "utf-8")
    assert spean("script", "import", "--yes").status == 0
    digest = json.loads(first[0])["digest"]
    ran = spean("script", "publish", digest, "--yes")
    assert (ran.status, "legal" in ran.err) == (2, True)
    assert spean("script", "publish", digest, "--yes", "--by", "dara", "--with", "dara").status == 2
    assert spean("script", "publish", digest, "--yes", "--by", "dara", "--with", "vanna").status == 0
    assert audited("script.publish") == [(1, "script.publish", f"{digest[:12]} with staff 2")]


def test_files_with_another_legal_answer_are_imported_by_two_where_people_are_reached(
    spean: Spean, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = site / "locales/en/LC_MESSAGES/faq-pay.po"
    text = file.read_text("utf-8")
    file.write_text(text.replace("Thank you for asking us.", "Thank you for your question.", 1), "utf-8")
    monkeypatch.setenv("SPEAN_WEB__PUBLIC_URL", "https://spean.example.org")

    def complaint() -> list[dict[str, str]]:
        found = [json.loads(line) for line in spean("doctor", "--json").lines]
        return [one for one in found if one["where"] == "dialogs/" and one["state"] == "fault"]

    (fault,) = complaint()
    assert (PAY in fault["what"], "--with NAME" in fault["cure"], "export" in fault["cure"]) == (True,) * 3
    ran = spean("script", "import", "--yes")
    assert (ran.status, PAY in ran.err) == (2, True)
    assert spean("script", "import", "--yes", "--by", "dara").status == 2
    assert spean("script", "import", "--yes", "--by", "dara", "--with", "vanna").status == 0
    live = json.loads(spean("script", "list", "--json").lines[0])["digest"]
    assert audited("script.import")[-1][::2] == (1, f"{live[:12]} with staff 2")
    assert complaint() == []


def test_a_start_says_which_answers_wait_for_two_signatures(capsys: pytest.CaptureFixture[str]) -> None:
    tell_imported(Imported("unsigned", "0123456789ab", legal=tuple(f"q0{at}" for at in range(7))))
    told = capsys.readouterr().err
    assert "q00, q01, q02, q03, q04, …" in told
    assert "the store's stay live" in told
    assert "spean script import --by NAME --with NAME" in told
    assert "spean script export" in told


def test_a_release_that_cannot_be_read_any_more_is_told_and_replaced_by_two(
    spean: Spean, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that a version long ago published."""
    old = {**scripts.read_files(site), "dialogs/menu.toml": b"[dialog"}
    database = Database.open(f"sqlite:///{site}/var/spean.db")
    database.run_now(lambda conn: publish(conn, scripts.digest(old), old, THAT_DAY))
    database.close_now()
    monkeypatch.setenv("SPEAN_WEB__PUBLIC_URL", "https://spean.example.org")
    found = [json.loads(line) for line in spean("doctor", "--json").lines]
    assert "the store's dialogs/menu.toml" in {one["where"] for one in found if one["state"] == "fault"}
    assert "dialogs/menu.toml" not in {one["where"] for one in found}
    assert spean("script", "import", "--yes").status == 2
    assert spean("script", "import", "--yes", "--by", "dara", "--with", "vanna").status == 0
    assert "the store's" not in spean("doctor").out


def test_a_start_says_whose_scripts_are_broken(capsys: pytest.CaptureFixture[str]) -> None:
    broken = scripts.BrokenScript((find(Place("dialogs/menu.toml"), "missing-file"),))
    tell_imported(Imported("both-changed", "0123456789ab", broken=broken, of_store=True))
    told = capsys.readouterr().err
    assert told.startswith("the store's dialogs/menu.toml · ")
    assert "last good" not in told
    tell_imported(Imported("broken", "0123456789ab", broken=broken))
    told = capsys.readouterr().err
    assert told.startswith("dialogs/menu.toml · ")
    assert "the last good Release 0123456789ab stays live" in told


def test_the_first_files_need_nobody(spean: Spean, house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert house.exists()
    monkeypatch.setenv("SPEAN_WEB__PUBLIC_URL", "https://spean.example.org")
    assert spean("script", "import").status == 0


def test_a_release_that_changes_no_legal_answer_is_published_by_one(spean: Spean, site: Path) -> None:
    digest = json.loads(spean("script", "list", "--json").lines[0])["digest"]
    file = site / "locales/en/LC_MESSAGES/stop.po"
    file.write_text(file.read_text("utf-8").replace("Stopped.", "It has stopped."), "utf-8")
    assert spean("script", "import", "--yes").status == 0
    assert spean("script", "publish", digest, "--yes").status == 0


def test_the_doctor_names_answers_whose_time_runs_out_and_numbers_nobody_called(
    spean: Spean, house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = SystemClock().now().date()
    file = house / "dialogs/faq/pay.toml"
    soon = file.read_text("utf-8").replace(
        "expires = 2027-11-22", f"expires = {today + timedelta(days=20)}", 1
    )
    file.write_text(soon, "utf-8")
    assert spean("script", "import").status == 0

    def said(where: str) -> list[dict[str, str]]:
        found = [json.loads(line) for line in spean("doctor", "--json").lines]
        return [one for one in found if one["where"] == where]

    assert [one["state"] for one in said("answers") if PAY in one["what"]] == ["warning"]
    (numbers,) = said("hotlines")
    assert numbers["state"] == "warning", "a sample site reaches nobody"
    assert all(name in numbers["what"] for name in ("police", "anti-trafficking", "child", "cmac-pursat"))
    monkeypatch.setenv("SPEAN_TELEGRAM__ENABLED", "true")
    monkeypatch.setenv("SPEAN_TELEGRAM__TOKEN", "7001:abc")
    assert [one["state"] for one in said("hotlines")] == ["fault"]
