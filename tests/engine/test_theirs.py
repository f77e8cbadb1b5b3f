"""Words where no button says them: "I do not come" in the menu, the list asked for once more, `/fair`."""

import pytest

from bot.core.activity_effects import Registered
from bot.core.events import Command
from tests.engine.fairs import COURSE, FAIR, FAR, coming, keys, looking, say, text
from tests.engine.shipped import agreed

NOT_COMING = ("ខ្ញុំមិនមកទេ", "ខ្ញុំមកមិនបានទេ", "i can't come", "khnhom min mok te")
BOTH = {**coming(), 13: coming(activity=13, coming="come", ticket="AB13")[12]}


@pytest.mark.parametrize("words", NOT_COMING)
def test_who_does_not_come_is_shown_the_one_they_said_they_come_to_and_answers_there(words: str) -> None:
    talk = looking(mine=coming()).type(words)
    assert (talk.node, talk.session.frames[-1].draft) == ("activities.list", ("show", "12"))
    assert not any(isinstance(one, Registered) for one in talk.effects)
    talk.press("cannot")
    assert [one.coming for one in talk.effects if isinstance(one, Registered)] == ["cannot"]


def test_of_several_theirs_are_listed_and_no_other() -> None:
    talk = looking(mine=BOTH).type("ខ្ញុំមិនមកទេ")
    assert [one for one in keys(talk) if one in ("a12", "a13", "a14")] == ["a12", "a13"]
    assert say("activities.theirs") in text(talk)
    assert "a14" in keys(talk.press("all"))


def test_what_they_already_said_no_to_or_is_over_is_not_theirs() -> None:
    said_no = looking(mine=coming(coming="cannot", seat="none")).type("ខ្ញុំមិនមកទេ")
    assert said_no.node == "menu.home"
    over = looking(mine=coming()).wait(days=40).happen(Command("menu")).type("ខ្ញុំមិនមកទេ")
    assert over.node == "menu.home"


def test_on_the_list_and_after_an_answer_the_same_words_lead_to_the_same_page() -> None:
    talk = looking(mine=coming()).press("fairs").type("ខ្ញុំមិនមកទេ")
    assert talk.session.frames[-1].draft == ("show", "12")
    talk.press("invite").type("ខ្ញុំមិនមកទេ")
    assert talk.session.frames[-1].draft == ("show", "12")


def test_a_question_that_waits_reads_the_words_itself() -> None:
    talk = agreed()
    talk.board = looking(mine=coming()).board
    assert talk.type("ខ្ញុំមិនមកទេ").node == "intake.phone-sharing"


@pytest.mark.parametrize(
    "words",
    ["job fair near me", "fairs near me", "near me", "tomorrow", "Today", "ថ្ងៃស្អែក", "ស្អែកមានទេ?", "ជិតខ្ញុំ"],
)
def test_on_the_list_what_asks_for_it_shows_it_again(words: str) -> None:
    talk = looking().press("fairs")
    shown = keys(talk)
    talk.type(words)
    assert keys(talk) == shown
    assert {f"a{one.id}" for one in (FAIR, COURSE, FAR)} & set(shown)
    assert say("bot.retry.choice") not in text(talk)
    assert talk.session.misses == 0


def test_the_fairs_near_me_are_opened_by_words_from_the_menu() -> None:
    assert looking().type("job fair near me").node == "activities.list"


@pytest.mark.parametrize("before", ["menu", "fairs"])
def test_the_command_of_staff_is_the_list_to_everybody_else(before: str) -> None:
    talk = looking().happen(Command(before)).happen(Command("fair"))
    assert talk.node == "activities.list"
    assert {"a12", "a13"} <= set(keys(talk))
    assert len(talk.said) == 1
