"""Choosing what to hear of unasked, by taps or words; a no to one purpose; and all of STOP as it was."""

from dataclasses import replace

import pytest

from bot.core import effects as fx
from bot.core.activity import Board, Follow
from bot.core.activity_effects import Followed, HoursChosen
from bot.core.answers import PlaceCode
from bot.core.contact import Contact
from bot.core.events import Command, Tap
from bot.core.session import Session, Submission
from tests.engine.shipped import Talk, agreed

HOME = Session(submissions=(Submission(1, "intake", opened=True, answers={("home", 0): PlaceCode("1501")}),))
KNOWN = Contact(1, "km", language_chosen=True)


def follows(talk: Talk) -> list[Follow]:
    return [one.follow for one in talk.effects if isinstance(one, Followed) and one.wanted]


def consents(talk: Talk) -> dict[str, bool]:
    return {one.purpose: one.granted for one in talk.effects if isinstance(one, fx.ConsentGiven)}


def at_home(**cells: object) -> Talk:
    """Somebody who told where they live, in the menu."""
    talk = Talk(contact=replace(KNOWN, **cells), session=HOME)  # type: ignore[arg-type]
    return talk.happen(Command("menu"))


def choosing(*keys: str) -> Talk:
    return at_home().happen(Command("subscribe")).press(*keys)


@pytest.mark.parametrize("words", ["ខ្ញុំមិនដឹងទេ", "ខ្ញុំអត់យល់ទេ", "ខ្ញុំមិនអីទេ", "ខ្ញុំមិនឈឺទេ", "mim prom te"])
def test_what_only_resembles_a_no_is_asked_again(words: str) -> None:
    talk = choosing("fairs", "~done", "home", "morning").type(words)
    assert talk.node == "subscribe.agree"
    assert talk.type("ទេ").node == "menu.home"


def test_fairs_near_home_in_the_morning_take_four_taps_and_a_yes() -> None:
    talk = choosing("fairs", "~done", "home", "morning")
    assert follows(talk) == []
    assert "ពិព័រណ៍ការងារ" in talk.said[-1].text
    talk.press("yes")
    assert follows(talk) == [Follow("fairs", "15")]
    assert consents(talk) == {"messages": True, "messages-fairs": True}
    assert HoursChosen("morning") in talk.effects
    given = [one for one in talk.effects if isinstance(one, fx.ConsentGiven)]
    assert {one.text for one in given} == {"subscribe.agree"}
    assert talk.node == "menu.home"


def test_work_and_training_are_asked_of_by_sector_and_place_in_ones_own_words() -> None:
    talk = choosing("training", "jobs", "~done", "place")
    talk.type("ឃុំបឹងខ្នារ ស្រុកបាកាន")
    assert talk.node == "subscribe.sector"
    talk.press("construction", "driving", "~done").type("ល្ងាច").type("បាទ")
    place = follows(talk)[0].place
    assert place.startswith("1501")
    assert set(follows(talk)) == {
        Follow(purpose, place, sector)  # type: ignore[arg-type]
        for purpose in ("training", "jobs")
        for sector in ("construction", "driving")
    }
    assert HoursChosen("evening") in talk.effects


def test_nothing_that_was_answered_is_stored_and_nothing_stays_in_the_session() -> None:
    talk = choosing("fairs")
    stored: list[fx.Effect] = []
    for key in ("~done", "anywhere", "any", "yes"):
        talk.press(key)
        stored += [one for one in talk.effects if isinstance(one, fx.SaveAnswer | fx.OpenSubmission)]
    assert stored == []
    assert talk.session.submissions == HOME.submissions


def test_a_no_or_a_way_out_changes_nothing() -> None:
    talk = choosing("fairs", "~done", "anywhere", "any", "no")
    assert (follows(talk), consents(talk)) == ([], {})
    assert talk.node == "menu.home"
    talk.happen(Command("subscribe")).press("fairs", "~done").happen(Command("menu"))
    assert follows(talk) == []


def test_what_is_chosen_anew_stands_in_place_of_what_was() -> None:
    old = Follow("fairs", "1501")
    kept = Follow("jobs", "15", "farm")
    talk = choosing("fairs", "~done", "anywhere", "any")
    talk.board = Board(follows=frozenset({old, kept}))
    talk.press("yes")
    assert [one.follow for one in talk.effects if isinstance(one, Followed) and not one.wanted] == [old]
    assert follows(talk) == [Follow("fairs")]


def test_discretion_is_a_yes_that_tells_nothing() -> None:
    talk = choosing("fairs", "~done", "anywhere", "any", "quiet")
    assert fx.DiscretionChosen(discreet=True) in talk.effects
    assert follows(talk) == [Follow("fairs")]


def test_whoever_said_others_see_the_phone_is_told_that_nothing_comes() -> None:
    talk = agreed().press("not-safe").happen(Command("subscribe"))
    assert follows(talk) == []
    assert "អ្នកផ្សេងអាចឃើញ" in "".join(one.text for one in talk.said)
    assert talk.node == "intake.urgent"


def test_a_yes_to_news_in_the_intake_is_a_yes_to_what_is_near_home() -> None:
    talk = at_home().happen(Command("consents")).press("messages-off", "yes")
    assert follows(talk) == [Follow("fairs", "15"), Follow("training", "15")]
    assert consents(talk) == {"messages": True}


def test_a_yes_to_news_of_fairs_and_training_takes_back_an_earlier_no_to_either_and_to_nothing_else() -> None:
    refused = frozenset({"messages", "messages-fairs", "messages-jobs"})
    talk = at_home(declined=refused).happen(Command("consents")).press("messages-off", "yes")
    assert consents(talk) == {"messages": True, "messages-fairs": True}
    assert follows(talk) == [Follow("fairs", "15"), Follow("training", "15")]
    given = [one for one in talk.effects if isinstance(one, fx.ConsentGiven)]
    assert {one.text for one in given} == {"news.wanted"}
    shown = {one.payload.partition(":")[2] for one in talk.buttons}
    assert {"fairs-on", "training-on"} <= shown
    assert "jobs-on" not in shown


# --- no more of one purpose ---


@pytest.mark.parametrize(
    ("words", "purpose"),
    [
        ("ឈប់ពិព័រណ៍", "fairs"),
        ("STOP fairs", "fairs"),
        ("Stop Job Fairs", "fairs"),
        ("ឈប់ដំណឹងពិព័រណ៍", "fairs"),
        ("stop training", "training"),
        ("ឈប់ដំណឹងរៀន", "training"),
        ("stop jobs", "jobs"),
        ("ឈប់ដំណឹងការងារ", "jobs"),
        ("ឈប់ផ្ញើដំណឹងពិព័រណ៍", "fairs"),
        ("ខ្ញុំមិនចង់បានដំណឹងពិព័រណ៍ទេ", "fairs"),
        ("កុំផ្ញើដំណឹងវគ្គរៀន", "training"),
        ("កុំផ្ញើដំណឹងការងារ", "jobs"),
    ],
)
def test_one_purpose_is_stopped_by_words_and_the_waiting_question_stays(words: str, purpose: str) -> None:
    talk = agreed().type(words)
    assert consents(talk) == {f"messages-{purpose}": False}
    assert not any(isinstance(one, fx.StopChosen) for one in talk.effects)
    assert talk.node == "intake.phone-sharing"


@pytest.mark.parametrize("purpose", ["fairs", "training", "jobs"])
def test_the_button_below_a_letter_stops_its_purpose_however_old_it_is(purpose: str) -> None:
    talk = agreed().happen(Tap(f"a:off:{purpose}", message="1", query="q"))
    assert consents(talk) == {f"messages-{purpose}": False}
    assert talk.node == "intake.phone-sharing"
    assert any(isinstance(one, fx.TapAnswered) for one in talk.effects)


def test_the_command_takes_what_is_to_stop() -> None:
    assert consents(agreed().happen(Command("stop", "fairs"))) == {"messages-fairs": False}
    assert fx.StopChosen(stopped=True) in agreed().happen(Command("stop", "it all")).effects


@pytest.mark.parametrize("words", ["ឈប់", "stop", "ឈប់ផ្ញើ", "unsubscribe"])
def test_stop_alone_is_still_a_stop_of_all(words: str) -> None:
    talk = agreed().type(words)
    assert fx.StopChosen(stopped=True) in talk.effects
    assert consents(talk) == {}


def test_what_one_agreed_to_names_the_purposes_and_each_ends_alone() -> None:
    talk = at_home(consents=frozenset({"messages"})).happen(Command("consents"))
    shown = {one.payload.partition(":")[2] for one in talk.buttons}
    assert {"fairs-on", "training-on", "jobs-on", "choose"} <= shown
    talk.press("jobs-on", "yes")
    assert consents(talk) == {"messages-jobs": False}
    without = at_home(consents=frozenset({"messages"}), declined=frozenset({"messages-jobs"}))
    shown = {one.payload.partition(":")[2] for one in without.happen(Command("consents")).buttons}
    assert "jobs-on" not in shown
    assert "fairs-on" in shown
