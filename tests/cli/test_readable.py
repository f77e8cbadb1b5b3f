"""What staff read and hear: questions, labels and places in words, voice notes as files of their own."""

import json
from pathlib import Path

import pytest

from bot.cli.talk import SILENCE
from tests.cli.command import Spean


def talk(spean: Spean, house: Path, said: str) -> None:
    """Somebody agrees in English, chooses Pursat, wants no call if it is closed now, and says this."""
    chat = ("chat", "--json", "--data", house / "var")
    ran = spean(*chat, "--language", "en", "--dialog", "talk", typed="/tap 1\n/tap 2\n")
    assert ran.status == 0
    closed = json.loads(ran.lines[-1])["node"] == "call-later"
    assert spean(*chat, typed=("/tap 2\n" if closed else "") + said).status == 0


@pytest.fixture
def case(spean: Spean, house: Path) -> str:
    """The case of somebody who chose Pursat, in English, and then said something aloud."""
    talk(spean, house, "/voice\n")
    assert spean("staff", "add", "dara", "--centre", "pursat").status == 0
    assert spean("staff", "add", "sok", "--centre", "preah-vihear").status == 0
    (found,) = [json.loads(line) for line in spean("case", "list", "--as", "dara", "--json").lines]
    return str(found["number"])


def test_answers_are_questions_and_labels_in_khmer_or_english(spean: Spean, case: str) -> None:
    khmer = spean("case", "show", case, "--as", "dara").out
    assert "→ ពោធិ៍សាត់" in khmer
    english = spean("case", "show", case, "--as", "dara", "--language", "en").out
    assert "Which centre would you like to talk to?\n  → Pursat\n" in english
    keys = json.loads(spean("case", "show", case, "--as", "dara", "--json").out)["answers"]
    assert ["key", "pursat"] in [one["answer"] for one in keys]


def test_a_sensitive_answer_is_shown_to_who_may_see_the_case(spean: Spean, house: Path) -> None:
    talk(spean, house, "They kept my pay\n")
    told = spean("case", "show", "1", "--language", "en").out
    assert "What is it about?\n  → They kept my pay\n" in told
    keys = json.loads(spean("case", "show", "1", "--json").out)["answers"]
    assert ("S2", ["words", "They kept my pay"]) in [(one["sensitivity"], one["answer"]) for one in keys]


def test_a_pressed_button_is_its_label(spean: Spean, case: str) -> None:
    show = ("conversation", "show", case, "--as", "dara")
    assert "person: ពោធិ៍សាត់\n" in spean(*show).out
    assert "person: Pursat\n" in spean(*show, "--language", "en").out
    told = [json.loads(line)["text"] for line in spean(*show, "--json").lines]
    assert "(pressed pursat)" in told


def test_a_button_of_a_question_above_the_lines_shown_still_has_its_label(spean: Spean, case: str) -> None:
    whole = spean("conversation", "show", case, "--as", "dara", "--language", "en").lines
    told = spean("conversation", "show", case, "--as", "dara", "--language", "en", "--last", "4").out
    assert "Which centre would you like" not in told
    assert told.splitlines() == whole[-len(told.splitlines()) :]


def test_voice_notes_are_written_for_staff_to_hear(spean: Spean, case: str, house: Path) -> None:
    out = house / "heard"
    ran = spean("conversation", "show", case, "--as", "dara", "--media", out)
    assert ran.status == 0
    (file,) = out.iterdir()
    assert f"person: (voice: {file.name})\n" in ran.out
    assert file.suffix == ".ogg"
    assert file.read_bytes() == SILENCE
    assert (out.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    again = spean("conversation", "show", case, "--as", "dara", "--media", out)
    assert again.status == 1
    assert again.err == f"{out} · something is there already · name a new or an empty folder\n"


def test_who_may_not_read_gets_no_file(spean: Spean, case: str, house: Path) -> None:
    out = house / "heard"
    assert spean("conversation", "show", case, "--as", "sok", "--media", out).status == 1
    assert not out.exists()


def test_an_export_brings_the_files_too(spean: Spean, case: str, house: Path) -> None:
    assert case
    ran = spean("contact", "export", "1", "--out", house / "held.json", "--media", house / "files")
    assert ran.status == 0
    assert [one.suffix for one in (house / "files").iterdir()] == [".ogg"]
