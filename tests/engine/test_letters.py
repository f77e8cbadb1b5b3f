"""Buttons of what was mailed, links and posters: shown or noted, and what waits goes on waiting."""

from dataclasses import replace

import pytest

from bot.core import letters
from bot.core.activity import Party
from bot.core.activity_draft import Answering, Listing, answering, before, listing
from bot.core.activity_effects import (
    OutcomeTold,
    Registered,
)
from bot.core.contact import Address, Companion, Contact
from bot.core.events import Event, Start, Tap
from tests.engine.fairs import (
    FAIR,
    board,
    coming,
    keys,
    looking,
    registered,
    say,
    text,
    told,
)
from tests.engine.shipped import NOON, Talk, agreed

# --- letters and links -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payload", "letter"),
    [
        ("a:12", letters.Show(12)),
        ("a:list", letters.ShowList()),
        ("a:12:bus", letters.Answer(12, "bus")),
        ("a:12:take", letters.Offer(12, taken=True)),
        ("a:12:leave", letters.Offer(12, taken=False)),
        ("a:12:after14:work-offer", letters.After(12, 14, work="offer")),
        ("a:12:after1:money-yes", letters.After(12, 1, money=True)),
        ("d:menu", letters.OpenDialog("menu")),
        ("a:0", None),
        ("a:12:fly", None),
        ("a:12:after14:work-maybe", None),
        ("a:٣", None),
        ("12:a12", None),
    ],
)
def test_payloads_of_letters(payload: str, letter: object) -> None:
    assert letters.of(Event("e", Address("telegram:1", "5"), NOON, Tap(payload))) == letter


def asked_on(talk: Talk) -> bool:
    """Whether the first question of the intake has just been asked again."""
    return talk.node == "intake.phone-sharing" and say("intake.phone-sharing") in text(talk)


def test_a_tap_from_a_reminder_is_noted_and_the_waiting_question_comes_again() -> None:
    talk = agreed()
    talk.board = board(mine=coming())
    waiting = talk.payload(say("intake.phone-sharing.mine"))
    talk.happen(Tap("a:12:bus", message="letter"))
    assert registered(talk) == Registered(12, "bus", coming()[12].party, remind=True)
    assert asked_on(talk)
    talk.happen(Tap(waiting, message="b"))
    assert talk.node == "intake.urgent"


def test_a_new_answer_is_asked_about_above_the_question_which_then_comes_again() -> None:
    talk = agreed()
    talk.board = board()
    talk.happen(Tap("a:12:come", message="letter"))
    assert talk.node == "activities.list"
    talk.press("n-1", "n-0", "no", "yes")
    assert registered(talk).coming == "come"
    assert asked_on(talk)


def test_who_looks_at_a_letter_goes_back_to_the_question() -> None:
    talk = agreed()
    talk.board = board()
    talk.happen(Tap("a:12", message="letter"))
    assert told(talk) == {12}
    assert asked_on(talk.press("~back", "~back"))


def test_an_answer_on_the_page_may_be_for_the_question_below() -> None:
    talk = agreed()
    talk.board = board()
    talk.happen(Tap("a:12", message="letter")).type(say("intake.phone-sharing.mine"))
    assert talk.node == "intake.urgent"


def test_a_question_on_the_page_is_answered_and_the_page_comes_again() -> None:
    talk = looking().press("fairs", "a12").type("ប័ណ្ណក្រីក្រធ្វើនៅណា?")
    assert len(talk.said) == 2
    assert "come" in keys(talk)


def test_what_became_of_it_is_told_with_two_taps() -> None:
    talk = agreed()
    talk.board = board(mine=coming())
    talk.happen(Tap("a:12:after14:work-yes", message="letter"))
    assert OutcomeTold(12, 14, work="yes") in talk.effects
    talk.press("no")
    assert OutcomeTold(12, 14, money=False) in talk.effects
    assert asked_on(talk)
    assert OutcomeTold(12, 60, money=True) in talk.happen(Tap("a:12:after60:money-yes", message="x")).effects


def test_a_letter_about_what_is_over_or_gone_says_so() -> None:
    talk = looking()
    talk.board = board(replace(FAIR, state="cancelled"))
    assert text(talk.happen(Tap("a:12:come", message="x"))).startswith(say("activities.cancelled"))
    assert say("activities.gone") in text(talk.happen(Tap("a:99:cannot", message="x")))
    assert not any(isinstance(one, Registered) for one in talk.effects)


def test_a_letter_opens_a_dialog_but_none_that_is_only_called() -> None:
    talk = agreed()
    assert talk.happen(Tap("d:faq", message="x")).node == "faq.ask"
    assert talk.happen(Tap("d:owed", message="x")).node == "faq.ask"
    assert talk.happen(Tap("d:nowhere", message="x")).node == "faq.ask"


def test_a_person_who_has_the_chat_is_not_interrupted_but_the_answer_is_noted() -> None:
    talk = agreed()
    talk.board = board(mine=coming())
    talk.contact = replace(talk.contact, handled_by_staff=True)
    assert registered(talk.happen(Tap("a:12:cannot", message="x"))).coming == "cannot"
    assert len(talk.said) == 1
    assert not talk.happen(Tap("a:12", message="x")).said
    assert not talk.happen(Tap("a:13:come", message="x")).said


def test_a_newcomer_who_scans_a_poster_sees_its_fair_after_the_first_minute() -> None:
    talk = Talk()
    talk.board = board()
    talk.happen(Start("f-12"))
    assert talk.node == "language.choose"
    talk.press("km", "read", "yes")
    assert "ពិព័រណ៍ការងារបាកាន" in text(talk)
    assert {"come", "bus"} <= set(keys(talk))


def test_the_code_of_a_village_shows_what_is_near_it() -> None:
    talk = looking().happen(Start("v-2204"))
    assert keys(talk)[0] == "a14"
    assert talk.session.frames[-1].draft == Listing(sector="any", place="2204").draft()


def test_at_the_gate_of_a_shared_phone_a_link_waits_until_we_know_who_it_is() -> None:
    others = (Companion(7, "ចាន់"),)
    talk = Talk(Contact(1, "km", language_chosen=True, shared=True, others=others))
    talk.board = board()
    talk.session = replace(talk.session, locked=True, turn=5)
    talk.happen(Start("f-12"))
    assert talk.node == "who.ask"
    talk.press("me")
    assert "ពិព័រណ៍ការងារបាកាន" in text(talk)


def test_every_page_is_found_again_in_its_draft() -> None:
    far = Listing(far=True, sector="garment", place="1501", page=3)
    assert listing(far.draft()) == far
    one = Answering(12, "bus", "mobility", Party(2, 3, "market", childcare=True))
    assert answering(one.draft()) == one
    assert before(()) is None
    assert before(one.draft()) == ("show", "12")
    assert before(("introduce", "12", "e1")) == ("employers", "12")
    assert before(("show", "12")) == ()
