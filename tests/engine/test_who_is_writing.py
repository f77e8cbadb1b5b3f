"""A phone that several people use: after a silence it is asked who is writing, before anything is shown."""

from dataclasses import replace

import pytest

from bot.core import effects as fx
from bot.core.contact import Companion, Contact
from bot.core.events import Command, Location, Media, Returned, Start, Tap, Text, WaitExpired
from tests.engine.shipped import NOON, Talk

SOKHA = Contact(1, "km", language_chosen=True, consents=frozenset({"help"}), channel="telegram")


def half_way(contact: Contact = SOKHA) -> Talk:
    """Somebody who has answered one question of the intake."""
    return Talk(contact).happen(Command("menu")).press("me", "mine")


def sentences(talk: Talk) -> str:
    return "\n".join(one.text for one in talk.said)


def test_after_eight_hours_it_is_asked_who_is_writing_and_nothing_else_is_shown() -> None:
    talk = half_way()
    question = talk.said[-1].text
    talk.wait(hours=8).happen(Start())
    assert talk.node == "who.ask"
    assert question not in sentences(talk)
    assert [one.payload.partition(":")[2] for one in talk.buttons] == ["me", "new"]
    talk.press("me")
    assert question in sentences(talk)


def test_a_shorter_silence_asks_nothing() -> None:
    assert half_way().wait(hours=7, minutes=59).type("១").node != "who.ask"


def test_who_told_nothing_and_shares_with_nobody_is_never_asked() -> None:
    talk = Talk(SOKHA).happen(Command("menu")).wait(days=3).happen(Command("menu"))
    assert talk.node == "menu.home"


def test_on_a_shared_address_even_who_told_nothing_is_asked() -> None:
    talk = Talk(replace(SOKHA, shared=True)).happen(Command("menu")).wait(days=3).happen(Command("menu"))
    assert talk.node == "who.ask"


def test_what_was_said_is_not_kept_and_answers_the_question_once_we_know() -> None:
    talk = half_way()
    before = talk.node
    talk.wait(hours=9).type("១")
    assert fx.DropWords() in talk.effects
    assert talk.session.held == Text("១", message=talk.session.held.message)
    talk.press("me")
    assert talk.session.held is None
    assert talk.node not in (before, "who.ask")


def test_a_tap_is_not_taken_up_afterwards() -> None:
    talk = half_way()
    before, payload = talk.node, talk.buttons[0].payload
    talk.wait(hours=9).happen(Tap(payload, message="b")).press("me")
    assert talk.node == before
    assert talk.handed is None


def test_a_voice_note_waits_too() -> None:
    talk = half_way().wait(hours=9).happen(Media("voice", "ref-1"))
    assert any(isinstance(one, fx.HoldMedia) for one in talk.effects)
    talk.press("me")
    assert talk.handed == fx.HandOver(1, Media("voice", "ref-1"))


def test_no_button_of_the_gate_fits_the_question_that_follows() -> None:
    talk = half_way().wait(hours=9).happen(Start())
    me = next(one.payload for one in talk.buttons if one.payload.endswith(":me"))
    talk.happen(Tap(me, message="b"))
    after = talk.session
    talk.happen(Tap(me, message="b"))
    assert talk.session.frames == after.frames


def test_someone_else_gets_the_address_and_hears_nothing_of_the_first() -> None:
    talk = half_way().wait(hours=9).type("សួស្តី").press("new")
    assert talk.said == []
    assert talk.handed is not None
    assert talk.handed.contact is None
    assert talk.session.locked


@pytest.mark.parametrize("words", ["2", "២", "ចាន់", "  ចាន់ "])
def test_a_companion_is_named_by_number_or_nickname(words: str) -> None:
    talk = half_way(replace(SOKHA, shared=True, others=(Companion(7, "ចាន់"),)))
    talk.wait(hours=9).happen(Start()).type(words)
    assert talk.handed == fx.HandOver(7, Returned())


def test_a_nickname_that_is_also_a_number_names_nobody_else() -> None:
    others = (Companion(7, "ចាន់"), Companion(8, "Pi"))  # "pi" is two, and the second button is ចាន់
    talk = half_way(replace(SOKHA, shared=True, others=others))
    talk.wait(hours=9).happen(Start()).type("pi")
    assert talk.handed is None
    talk.type("៣")
    assert talk.handed == fx.HandOver(8, Returned())


@pytest.mark.parametrize("words", ["អ្នកផ្សេង", "someone else", "SOMEONE ELSE USES THIS PHONE", "៣"])
def test_someone_else_may_be_written(words: str) -> None:
    talk = half_way(replace(SOKHA, shared=True, others=(Companion(7, ""),)))
    talk.wait(hours=9).happen(Start()).type(words)
    assert talk.handed is not None
    assert talk.handed.contact is None


def test_words_that_name_nobody_are_not_guessed_and_not_kept() -> None:
    talk = half_way().wait(hours=9).happen(Start()).type("ចង់ដឹងរឿងលុយ")
    assert talk.node == "who.ask"
    assert fx.DropWords() in talk.effects
    assert talk.handed is None


def test_anybody_can_say_at_any_time_that_someone_else_uses_the_phone() -> None:
    talk = half_way().type("អ្នកផ្សេងប្រើទូរស័ព្ទនេះ")
    assert talk.node == "who.ask"
    assert talk.session.held is None


@pytest.mark.parametrize(
    "body", [Start(), Command("menu"), Location(12.5, 103.9), Media("image", "r"), Text("hi")]
)
def test_at_the_gate_everything_else_asks_again(body: object) -> None:
    talk = half_way().wait(hours=9).happen(Start()).happen(body)
    assert talk.node == "who.ask"
    assert talk.said
    assert not any(isinstance(one, fx.KeepMedia | fx.HoldMedia) for one in talk.effects)


def test_danger_goes_first_and_going_on_leads_to_the_gate() -> None:
    talk = half_way()
    question = talk.said[-1].text
    talk.wait(hours=9).happen(Command("danger"))
    assert talk.node.startswith("danger.")
    talk.press("go-on") if any(one.payload.endswith(":go-on") for one in talk.buttons) else talk.happen(
        Command("menu")
    )
    assert talk.node == "who.ask"
    assert question not in sentences(talk)
    talk.press("me")
    assert question in sentences(talk)


def test_the_menu_does_not_lead_around_the_gate() -> None:
    talk = half_way().wait(hours=9).happen(Command("danger")).happen(Command("menu"))
    assert talk.node == "who.ask"


def test_to_erase_asks_first_who_it_is() -> None:
    talk = half_way().wait(hours=9).happen(Command("erase"))
    assert talk.node == "who.ask"
    assert talk.press("me").node.startswith("erase.")


def test_a_reminder_after_the_silence_shows_no_question() -> None:
    talk = half_way()
    question = talk.said[-1].text
    talk.now = talk.session.wake_at
    talk.happen(WaitExpired(talk.session.turn, last=False))
    assert talk.said
    assert question not in sentences(talk)
    assert not talk.buttons


def test_while_staff_has_the_chat_nobody_is_asked() -> None:
    talk = half_way()
    talk.contact = replace(talk.contact, handled_by_staff=True)
    assert talk.wait(hours=9).type("hello").said == []


def test_who_returns_is_in_at_once_and_what_they_said_comes_again() -> None:
    talk = half_way().wait(hours=9).happen(Start()).press("new")
    talk.session = replace(talk.session, held=Text("១"))
    before = next(frame for frame in talk.session.frames if frame.dialog == "intake")
    talk.wait(hours=1).happen(Returned())
    assert not talk.session.locked
    assert talk.handed == fx.HandOver(1, Text("១"))
    assert talk.session.frames[-1].node != before.node


def test_a_day_without_a_word_means_eight_hours_since_the_last_event_of_theirs() -> None:
    talk = half_way()
    assert talk.session.seen_at == NOON
    talk.wait(hours=5).type("១").wait(hours=5).type("១")
    assert talk.node != "who.ask"
