"""`spean chat`: a piped talk with a real store, buttons by number, a clock that moves."""

import json
from pathlib import Path
from typing import Any

from tests.cli.command import Ran, Spean


def said(ran: Ran) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.lines]


def test_a_newcomer_is_greeted_taps_a_language_reads_the_terms_and_agrees(spean: Spean) -> None:
    ran = spean("chat", "--json", typed="/tap 1\n/tap 1\n/tap 1\n")
    assert ran.status == 0
    greeting, listen, who, kept, agree, menu = said(ran)
    assert set(greeting) == {"text", "buttons", "node", "dialog"}
    assert [button["label"] for button in greeting["buttons"]] == ["ភាសាខ្មែរ", "English"]
    assert (listen["dialog"], listen["node"]) == ("listen", "how")
    assert (who["buttons"], kept["buttons"]) == ([], [])
    assert (agree["dialog"], agree["node"]) == ("consent", "agree")
    assert (menu["dialog"], menu["node"]) == ("menu", "home")


def test_the_language_may_be_chosen_before(spean: Spean) -> None:
    (menu,) = said(spean("chat", "--json", "--language", "en"))
    assert menu["dialog"] == "menu"
    assert "Talk to a person" in [button["label"] for button in menu["buttons"]]


def test_the_language_may_be_chosen_while_its_question_waits(spean: Spean, house: Path) -> None:
    data = house / "talk"
    (asked,) = said(spean("chat", "--json", "--data", data))
    assert asked["dialog"] == "language"
    (later,) = said(spean("chat", "--json", "--data", data, "--language", "en"))
    assert (later["dialog"], [one["label"] for one in later["buttons"]][1]) == ("listen", "🔊 Listen")


def test_a_dialog_may_be_opened_at_once(spean: Spean) -> None:
    lines = said(spean("chat", "--json", "--language", "en", "--dialog", "talk"))
    assert lines[-1]["dialog"] == "talk"


def test_an_unknown_dialog_is_misuse(spean: Spean) -> None:
    ran = spean("chat", "--dialog", "nonsense")
    assert ran.status == 2
    assert ran.err.startswith("--dialog nonsense · there is no such dialog · write one of about, ")


def test_people_read_numbered_buttons(spean: Spean) -> None:
    assert "\n  [1] ភាសាខ្មែរ\n  [2] English\n" in spean("chat").out


def test_a_button_that_is_not_there_and_a_wrong_wait_are_told_and_passed_over(spean: Spean) -> None:
    ran = spean("chat", "--json", typed="/tap 9\n/wait soon\n/tap\n/tap 2\n")
    assert ran.status == 1
    assert ran.err.splitlines() == [
        "there is no button 9: the last message has 2",
        "soon is no length of time: write 90m, 24h, 3d or 2w",
        "write /tap 2, /voice or /wait 3d",
    ]
    assert said(ran)[-1]["dialog"] == "listen"  # what stands after the language


def test_a_talk_goes_on_where_its_store_left_it(spean: Spean, house: Path) -> None:
    data = house / "talk"
    first = said(spean("chat", "--json", "--data", data, "--language", "en", typed="/tap 1\n"))
    second = said(spean("chat", "--json", "--data", data, typed="/tap 1\n"))
    assert first[-1]["dialog"] == "consent"
    assert len(second) == 1
    assert second[0]["dialog"] == "intake"


def test_waiting_fires_what_is_due_and_is_kept_in_the_store(spean: Spean, house: Path) -> None:
    data = house / "talk"
    spean("chat", "--json", "--data", data, "--language", "en", typed="/tap 1\n")
    waited = said(spean("chat", "--json", "--data", data, typed="/wait 2w\n"))
    assert [line["dialog"] for line in waited] == ["consent"]  # one gentle reminder, then the session rests
    assert said(spean("chat", "--json", "--data", data, typed="/wait 4w\n")) == []


def test_a_voice_note_is_kept_and_the_talk_goes_on(spean: Spean) -> None:
    ran = spean("chat", "--json", "--language", "en", typed="/tap 1\n/tap 1\n/voice\n")
    assert ran.status == 0
    assert said(ran)[-1]["dialog"] == "intake"


def test_it_can_be_shown_as_telegram_would(spean: Spean) -> None:
    assert said(spean("chat", "--json", "--as", "telegram"))[0]["dialog"] == "language"
    assert spean("chat", "--as", "fax").status == 2


def test_as_messenger_long_lists_have_pages_that_are_turned_by_tap(spean: Spean) -> None:
    typed = "/tap 1\n/tap 1\n" + "រំលង\n" * 3 + "/tap 11\n/tap 13\n/tap 2\n"
    ran = spean("chat", "--json", "--as", "messenger", "--language", "km", typed=typed)
    assert ran.status == 0
    *_, first, second, others, after = said(ran)
    assert [len(one["buttons"]) for one in (first, second, others)] == [12, 13, 5]
    assert [one["node"] for one in (first, second, others, after)] == [*["home"] * 3, "centre"]
    assert all(len(button["label"]) <= 20 for line in said(ran) for button in line["buttons"])


def test_a_broken_byte_spoils_its_own_letter_only(spean: Spean, house: Path) -> None:
    data = house / "var"
    ran = spean("chat", "--json", "--data", data, "--language", "en", typed=b"one\xffword\n/tap 1\n")
    assert ran.status == 0
    assert said(ran)[-1]["dialog"] == "consent"
    assert "person: one\ufffdword\n" in spean("conversation", "show", 1).out
