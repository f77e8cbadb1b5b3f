"""The human route from the command line: staff, cases, answers, and the rights over one's data."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.command import Spean


@pytest.fixture
def waiting(spean: Spean, house: Path) -> Path:
    """The folder of a store in which somebody waits for a person of Pursat's centre."""
    data = house / "var"
    ran = spean(
        "chat", "--json", "--data", data, "--language", "en", "--dialog", "talk", typed="/tap 1\n/tap 2\n"
    )
    assert ran.status == 0
    assert spean("staff", "add", "dara", "--centre", "pursat").status == 0
    assert spean("staff", "add", "sok", "--centre", "preah-vihear").status == 0
    return data


def number(spean: Spean) -> str:
    (case,) = [json.loads(line) for line in spean("case", "list", "--as", "dara", "--json").lines]
    return str(case["number"])


def test_a_case_is_taken_answered_and_closed_and_the_bot_is_silent_meanwhile(
    spean: Spean, waiting: Path
) -> None:
    case = number(spean)
    assert case.startswith("PU-")
    assert spean("case", "take", case, "--as", "dara").status == 0
    assert spean("case", "reply", case, "--as", "dara", "I am Dara.").err == "queued for the person\n"
    talk = spean("chat", "--json", "--data", waiting, typed="Hello Dara\n")
    texts = [json.loads(line)["text"] for line in talk.lines]
    assert texts[-1] == "I am Dara."
    assert "Hello Dara" in spean("conversation", "show", case, "--as", "dara").out
    closed = spean("case", "close", case, "--as", "dara", "--yes")
    assert closed.err == f"case {case} is closed as answered; the bot has the chat\n"
    assert spean("case", "list", "--as", "dara", "--json").out == ""
    back = spean("chat", "--json", "--data", waiting, typed="/menu\n")
    assert json.loads(back.lines[-1])["dialog"] == "menu"


def test_staff_see_their_own_centre_only(spean: Spean, waiting: Path) -> None:
    assert waiting.exists()
    case = number(spean)
    assert spean("case", "list", "--as", "sok", "--json").out == ""
    ran = spean("case", "show", case, "--as", "sok")
    assert ran.status == 1
    assert ran.err == (
        f"case {case} · there is no such case within reach · spean case list shows those you may see\n"
    )
    assert spean("conversation", "show", case, "--as", "sok").status == 1


def test_who_has_not_taken_a_case_cannot_answer_and_who_is_nobody_cannot_look(
    spean: Spean, waiting: Path
) -> None:
    assert waiting.exists()
    case = number(spean)
    assert spean("case", "reply", case, "--as", "dara", "x").err == (
        f"case {case} · you have not taken it · spean case take {case} --as dara\n"
    )
    assert spean("case", "list", "--as", "nobody").err == (
        "--as nobody · no such member of staff, or disabled · "
        "spean staff list shows who there is, spean staff add makes somebody\n"
    )
    assert spean("staff", "disable", "dara", "--yes").status == 0
    assert spean("case", "list", "--as", "dara").status == 1


@pytest.mark.parametrize("words", ["", "  \n", "\u200b"])
def test_an_answer_without_words_is_refused(spean: Spean, waiting: Path, words: str) -> None:
    assert waiting.exists()
    case = number(spean)
    spean("case", "take", case, "--as", "dara")
    for command in (("case", "reply", case), ("conversation", "reply", case)):
        ran = spean(*command, "--as", "dara", words)
        assert (ran.status, ran.err) == (2, "TEXT · there are no words to send · write them in quotes\n")
    given = spean("case", "release", case, "--as", "dara")
    assert given.err == f"case {case} waits again for whoever takes it; the bot has the chat\n"


def test_closing_asks_first(spean: Spean, waiting: Path) -> None:
    assert waiting.exists()
    case = number(spean)
    spean("case", "take", case, "--as", "dara")
    dry = spean("case", "close", case, "--as", "dara", "--dry-run")
    assert (dry.status, dry.err) == (0, f"case {case} (taken) would be closed as answered\n")
    asked = spean("case", "close", case, "--as", "dara")
    assert asked.status == 1
    assert asked.err == f"Close case {case}? Nobody is here to ask: run it again with --yes.\n"
    assert number(spean) == case


def test_a_person_is_shown_exported_and_erased(spean: Spean, waiting: Path, house: Path) -> None:
    (row,) = [json.loads(line) for line in spean("contact", "list", "--json").lines]
    assert (row["account"], row["cases"]) == ("terminal:chat", 1)
    assert "centre = pursat" in spean("contact", "show", row["id"]).out
    out = house / "held.json"
    assert spean("contact", "export", "terminal:chat/you", "--out", out).status == 0
    held = json.loads(out.read_text("utf-8"))
    assert {"answers", "consents", "cases", "messages", "files"} <= set(held)
    assert [one["number"] for one in held["cases"]] == [number(spean)]
    assert (
        spean("contact", "export", row["id"], "--out", out).err
        == f"{out} · the file exists · name a new file\n"
    )
    assert spean("contact", "erase", row["id"], "--as", "dara", "--yes").status == 1
    assert "would be erased" in spean("contact", "erase", row["id"], "--dry-run").err
    assert spean("contact", "erase", row["id"]).status == 1
    assert spean("contact", "erase", row["id"], "--yes").status == 0
    assert spean("contact", "list", "--json").out == ""
    assert len((waiting / "erasures.log").read_text().splitlines()) == 1


def test_a_code_for_duty_is_ten_letters_that_nobody_confuses(spean: Spean, waiting: Path) -> None:
    assert waiting.exists()
    ran = spean("staff", "code", "dara")
    assert re.fullmatch(r"[A-HJKMNP-TV-Z2-9]{10}\n", ran.out)
    assert f"/staff {ran.out.strip()}" in ran.err
    assert spean("staff", "code", "nobody").status == 1
    assert spean("staff", "grant", "dara", "--role", "safeguarding", "--json").status == 0
    assert spean("staff", "grant", "nobody").status == 1
    rows = [json.loads(line) for line in spean("staff", "list", "--json").lines]
    assert [(row["name"], row["role"], row["centre"]) for row in rows if row["name"] == "dara"] == [
        ("dara", "safeguarding", "*"),
        ("dara", "caseworker", "pursat"),
    ]


def test_whoever_is_shut_out_gives_their_cases_back(spean: Spean, waiting: Path) -> None:
    case = number(spean)
    assert spean("case", "take", case, "--as", "dara").status == 0
    assert spean("staff", "disable", "dara", "--yes").status == 0
    (row,) = [json.loads(line) for line in spean("case", "list", "--json").lines]
    assert (row["number"], row["state"], row["taken_by"]) == (case, "open", None)
    talk = spean("chat", "--json", "--data", waiting, typed="/menu\n")
    assert json.loads(talk.lines[-1])["dialog"] == "menu"


def test_names_are_taken_once_and_centres_exist(spean: Spean, waiting: Path) -> None:
    assert waiting.exists()
    assert (
        spean("staff", "add", "dara").err
        == "dara · somebody has this name already · spean staff grant gives one more role\n"
    )
    ran = spean("staff", "add", "vanna", "--centre", "mars")
    assert ran.status == 2
    assert ran.err == "--centre mars · no such centre · write one of oddar-meanchey, pursat, preah-vihear\n"
    assert spean("staff", "add", "two words").status == 2
    rows = [json.loads(line) for line in spean("staff", "list", "--json").lines]
    assert [(row["name"], row["centre"]) for row in rows] == [("dara", "pursat"), ("sok", "preah-vihear")]
