"""Who comes along: going back one question at a time, and numbers that nobody can bring."""

from dataclasses import replace

import pytest

from bot.core.activity import SPOKEN, Party
from bot.core.activity_draft import answering
from bot.core.activity_effects import Registered
from bot.core.activity_party import MOST
from bot.core.events import Media, Tap
from tests.engine.fairs import FAIR, board, keys, looking, registered, say, text
from tests.engine.shipped import Talk, agreed


def step(talk: Talk) -> str:
    waiting = answering(talk.session.frames[-1].draft)
    return waiting.step if waiting else talk.session.frames[-1].draft[0]


def at_age() -> Talk:
    """The intake asks how old they are."""
    talk = agreed()
    *below, frame = talk.session.frames
    talk.session = replace(talk.session, frames=(*below, replace(frame, node="age")))
    return talk


def test_back_leads_to_the_question_before_and_only_at_the_first_to_the_activity() -> None:
    talk = looking().press("fairs", "a12", "bus", "n-2", "n-1", "s-1", "yes", "no")
    asked = [step(talk)]
    while asked[-1] != "show":
        asked.append(step(talk.press("~back")))
    assert asked == ["remind", "mobility", "childcare", "stop", "children", "adults", "show"]
    assert "come" in keys(talk)


def test_what_was_answered_before_stays_and_the_rest_is_asked_anew() -> None:
    talk = looking().press("fairs", "a12", "bus", "n-3", "n-2", "s-1", "yes")
    talk.press("~back", "~back", "~back")
    assert step(talk) == "children"
    talk.press("n-0", "s-0", "no", "yes")
    assert registered(talk) == Registered(12, "bus", Party(adults=3, stop="market"), remind=True)


def test_a_typed_word_goes_back_too() -> None:
    talk = looking().press("fairs", "a12", "come", "n-2").type("back")
    assert step(talk) == "adults"
    talk.press("n-1", "n-0", "no", "yes")
    assert registered(talk).party == Party()


@pytest.mark.parametrize("words", ["0", "21", "500", "៥០០", "ច្រើន", "many", "-1"])
def test_how_many_is_asked_again_kindly(words: str) -> None:
    talk = looking().press("fairs", "a12", "come").type(words)
    said = text(talk)
    assert step(talk) == "adults"
    assert said.startswith(say("activities.retry-adults"))
    assert say("activities.ask-adults") in said
    talk.type("2").type(words if words != "0" else "500")
    assert step(talk) == "children"
    assert text(talk).startswith(say("activities.retry-children"))
    assert str(MOST) in say("activities.retry-children", "en")


def test_a_number_that_nobody_can_bring_answers_nothing_that_waits_below() -> None:
    """Somebody is asked their age, looks at a fair in between, and writes there that 21 come."""
    talk = at_age()
    talk.board = board()
    talk.happen(Tap("a:12:come", message="letter")).type("21")
    assert step(talk) == "adults"
    talk.press("n-2", "n-0", "no", "yes")
    assert registered(talk).party == Party(adults=2)
    assert talk.node == "intake.age"


def test_other_languages_than_khmer_are_told() -> None:
    assert say("activities.languages", list="") not in text(looking().press("fairs", "a12"))
    talk = looking()
    talk.board = board(replace(FAIR, sheet=replace(FAIR.sheet, languages=("km", "sign"))))
    both = ", ".join(say(f"activities.language.{one}") for one in ("km", "sign"))
    assert say("activities.languages", list=both) in text(talk.press("fairs", "a12"))
    assert all(say(f"activities.language.{one}", "en") for one in SPOKEN)


@pytest.mark.parametrize("words", ["ទេ", "អត់មានទេ", "គ្មាន", "no"])
def test_no_at_the_children_is_none(words: str) -> None:
    talk = looking().press("fairs", "a12", "come", "n-2").type(words)
    assert step(talk) == "mobility"
    assert registered(talk.press("no", "yes")).party == Party(adults=2)


@pytest.mark.parametrize("taps", [(), ("n-2", "n-0")])
def test_a_question_on_the_way_is_answered_and_the_page_comes_again(taps: tuple[str, ...]) -> None:
    talk = looking().press("fairs", "a12", "come", *taps)
    waits = step(talk)
    talk.type("ប្រាក់ឈ្នួលមិនបើក តើត្រូវធ្វើដូចម្តេច?")
    assert len(talk.said) == 2
    assert say(f"activities.ask-{waits}") in talk.said[1].text
    assert step(talk) == waits


def test_a_question_that_nobody_here_knows_is_said_so_and_the_page_comes_again() -> None:
    talk = looking().press("fairs", "a12", "come").type("តើព្រះច័ន្ទឆ្ងាយប៉ុនណា?")
    assert text(talk).startswith(say("faq.later"))
    assert step(talk) == "adults"


def test_a_voice_note_on_the_way_gets_one_line_and_the_person_as_a_button() -> None:
    talk = looking().press("fairs", "a12", "come").happen(Media("voice", "r1"))
    assert text(talk).startswith(say("activities.write-or-tap"))
    assert step(talk) == "adults"
    assert "~person" in keys(talk)
    assert talk.press("~person").node.startswith("talk.")


@pytest.mark.parametrize(
    ("words", "leads_to"),
    [
        ("មក", "adults"),
        ("mok ban", "adults"),
        ("ត្រូវការឡាន", "adults"),
        ("mok trov kar rotyun", "adults"),
        ("prohel", "remind"),
        ("khnhom mok min ban te", "done"),
        ("ខ្ញុំមិនមកទេ", "done"),
        ("nhom ot mok te", "done"),
        ("អត់មកទេ", "done"),
        ("can't come", "done"),
    ],
)
def test_whether_they_come_is_told_in_their_own_words(words: str, leads_to: str) -> None:
    assert step(looking().press("fairs", "a12").type(words)) == leads_to


@pytest.mark.parametrize("alone", ["ម្នាក់", "ខ្ញុំម្នាក់ឯង", "mneak", "just me"])
@pytest.mark.parametrize("none", ["គ្មានក្មេង", "អត់មានកូនទេ", "ot mean kon", "none"])
def test_alone_and_without_children_is_told_in_their_own_words(alone: str, none: str) -> None:
    talk = looking().press("fairs", "a12", "come").type(alone).type(none)
    assert registered(talk.press("no", "yes")).party == Party()


def test_one_child_is_one() -> None:
    talk = looking().press("fairs", "a12", "come", "n-2").type("កូនម្នាក់")
    assert registered(talk.press("no", "no", "yes")).party == Party(adults=2, children=1)


@pytest.mark.parametrize("words", ["វត្តបឹង", "vat boeng", "wat beng", "Boeng pagoda", "pagoda"])
@pytest.mark.parametrize("language", ["km", "en"])
def test_a_bus_stop_is_named_in_either_language_and_in_latin_letters(words: str, language: str) -> None:
    talk = looking()
    talk.contact = replace(talk.contact, language=language)  # type: ignore[arg-type]
    talk.press("fairs", "a12", "bus", "n-2", "n-0").type(words)
    assert registered(talk.press("no", "yes")).party.stop == "pagoda"
