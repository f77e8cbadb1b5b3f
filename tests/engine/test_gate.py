"""A shut gate: no way leads around it to what erases, and words said at it are soon nobody's."""

from dataclasses import replace

import pytest

from bot.core import effects as fx
from bot.core.book import Shelf
from bot.core.contact import Companion
from bot.core.events import Command, Media, Start, Tap, Text
from bot.core.message import Verbatim
from bot.core.walk import Walk
from bot.core.who import LISTED, buttons, read
from tests.engine.shipped import NOON, Talk, release
from tests.engine.test_who_is_writing import SOKHA, half_way

ANSWER = "១"
MANY = tuple(Companion(number, f"ឈ្មោះ{number}") for number in range(20, 10, -1))


def shut() -> Talk:
    return half_way().wait(hours=9).happen(Start())


@pytest.mark.parametrize("ask", ["button", "erase"])
def test_stop_does_not_lead_around_the_gate_to_erasing(ask: str) -> None:
    talk = half_way().wait(hours=9).type("stop")
    assert talk.node == "stop.then"
    talk = talk.press("erase") if ask == "button" else talk.type("erase")
    assert talk.node == "who.ask"
    assert talk.session.locked
    assert talk.press("me").node.startswith("erase.")
    assert not talk.session.locked


def test_whoever_is_known_erases_from_stop_at_once() -> None:
    assert half_way().type("stop").press("erase").node == "erase.sure"


def test_nobody_erases_or_sees_anything_while_the_gate_is_shut() -> None:
    talk = shut()
    pinned = {release().digest: release().book}
    walk = Walk(Shelf(release().book, pinned), talk.contact, talk.session, talk.now)
    done = release().book.dialogs["erase"].nodes["erased"]
    walk.act(done.do, done)
    assert not walk.over
    assert not [one for one in walk.effects if isinstance(one, fx.DataAsked)]


def test_to_forget_everything_opens_no_gate() -> None:
    talk = shut()
    session = replace(talk.session, code=("1",) * 4)
    walk = Walk(Shelf(release().book, {}), talk.contact, session, talk.now)
    walk.over = True
    after = walk.finish()
    assert (after.locked, after.code, after.frames, after.submissions) == (True, ("1",) * 4, (), ())


def test_words_at_the_gate_are_nobodys_after_ten_minutes() -> None:
    talk = half_way()
    before, question = talk.node, talk.said[-1].text
    talk.wait(hours=9).type(ANSWER).wait(minutes=10).press("me")
    assert talk.node == before
    assert talk.handed is None
    assert question in talk.said[-1].text


def test_words_at_the_gate_answer_when_it_is_answered_soon() -> None:
    talk = half_way()
    before = talk.node
    talk.wait(hours=9).type(ANSWER).wait(minutes=9).press("me")
    assert talk.node != before


@pytest.mark.parametrize("then", [Start(), Text("តើអ្នកណា?"), Command("menu"), Command("danger")])
def test_words_at_the_gate_are_nobodys_once_something_else_was_said(then: object) -> None:
    talk = half_way()
    before = talk.node
    talk.wait(hours=9).type(ANSWER).happen(then)
    assert talk.session.held is None
    if talk.node == "who.ask":
        assert talk.press("me").node == before
        assert talk.handed is None


def test_an_old_button_in_between_is_something_else_too() -> None:
    talk = half_way()
    old = talk.buttons[0].payload
    talk.wait(hours=9).type(ANSWER).happen(Tap(old, message="b"))
    assert talk.session.held is None


def test_staff_who_take_the_chat_do_not_answer_the_gate() -> None:
    talk = shut()
    talk.contact = replace(talk.contact, handled_by_staff=True)
    talk.type("1")
    assert not talk.session.locked
    assert talk.type("hello").said == []


def test_only_the_last_companions_have_a_button_and_all_are_reached_by_name() -> None:
    talk = half_way(replace(SOKHA, shared=True, others=MANY))
    talk.wait(hours=9).happen(Start())
    assert [one.payload.partition(":")[2] for one in talk.buttons] == [
        "me",
        *(f"p{one.id}" for one in reversed(MANY[:LISTED])),
        "new",
    ]
    assert talk.type(MANY[-1].name).handed == fx.HandOver(MANY[-1].id, talk.handed.body)


def test_a_nickname_that_two_have_names_nobody() -> None:
    twins = (*MANY, Companion(2, MANY[0].name))
    talk = half_way(replace(SOKHA, shared=True, others=twins))
    view = Walk(Shelf(release().book, {}), talk.contact, talk.session, NOON).view()
    assert Verbatim(MANY[0].name) in [one.label for one in buttons(view)]
    assert read(release().book, view, Text(MANY[0].name)) is None


def test_a_phone_is_ones_own_when_it_was_said_wherever_it_was_asked() -> None:
    talk = half_way()
    walk = Walk(Shelf(release().book, {}), talk.contact, talk.session, NOON)
    (asked,) = walk.submissions.values()
    other = replace(asked, no=2, dialog="talk", opened=True, answers={})
    walk.submissions[2] = other
    assert walk.view().look("shared") is False
    walk.submissions = {2: other}
    assert walk.view().look("shared") is True


# --- staff whose phone lies about ---

MEMBER = replace(SOKHA, staff=True)
WORK = (
    Command("today"),
    Command("announce"),
    Tap("s:fa:1:cancel"),
    Start("t-TICKET22"),
    Media("voice", "ref-1"),
)


@pytest.mark.parametrize("body", WORK)
def test_nobody_works_from_a_phone_while_the_gate_is_shut(body: object) -> None:
    assert any(isinstance(one, fx.AtDesk) for one in half_way(MEMBER).happen(body).effects)
    talk = half_way(MEMBER).wait(hours=9).happen(body)
    assert talk.node == "who.ask"
    assert not any(isinstance(one, fx.AtDesk) for one in talk.effects)


def test_what_a_member_was_asked_to_write_is_not_taken_from_whoever_has_the_phone() -> None:
    talk = half_way(replace(MEMBER, doing="announce:12:km")).wait(hours=9).type("សូមមកទាំងអស់គ្នា")
    assert talk.node == "who.ask"
    assert fx.AtDesk(Text("សូមមកទាំងអស់គ្នា")) not in talk.effects
    assert not any(isinstance(one, fx.AtDesk) for one in talk.effects)


def test_above_something_urgent_the_gate_is_still_shut_for_work() -> None:
    talk = half_way(MEMBER).wait(hours=9).happen(Start()).happen(Command("danger"))
    assert not any(isinstance(one, fx.AtDesk) for one in talk.happen(Command("today")).effects)


def test_once_they_said_who_they_are_their_command_is_done() -> None:
    talk = half_way(MEMBER).wait(hours=9).happen(Command("today")).press("me")
    assert fx.AtDesk(Command("today")) in talk.effects


def test_to_join_the_duty_or_leave_it_needs_no_gate() -> None:
    talk = half_way(MEMBER).wait(hours=9).happen(Command("staff", "off"))
    assert fx.AtDesk(Command("staff", "off")) in talk.effects


def test_where_they_are_on_duty_is_told_to_themselves_alone() -> None:
    talk = half_way(MEMBER).wait(hours=9).happen(Command("staff"))
    assert talk.node == "who.ask"
    assert fx.AtDesk(Command("staff")) in talk.press("me").effects


def test_a_member_whose_own_chat_a_colleague_has_is_asked_all_the_same() -> None:
    talk = half_way(MEMBER)
    talk.contact = replace(MEMBER, handled_by_staff=True)
    assert fx.AtDesk(Command("today")) in talk.happen(Command("today")).effects
    talk.wait(hours=9).happen(Command("today"))
    assert talk.node == "who.ask"
    assert not any(isinstance(one, fx.AtDesk) for one in talk.effects)
    assert fx.AtDesk(Command("today")) in talk.press("me").effects


def test_of_a_member_whose_pictures_are_all_we_know_they_are_asked_before_work_alone() -> None:
    talk = Talk(contact=MEMBER).happen(Start())
    talk.wait(hours=9).happen(Command("today"))
    assert fx.AtDesk(Command("today")) in talk.effects
    talk.session = replace(talk.session, code=("1", "2", "3", "4"))
    assert talk.wait(hours=9).happen(Start()).node != "who.ask"
    assert talk.wait(hours=9).happen(Command("today")).node == "who.ask"
    assert fx.AtDesk(Command("today")) in talk.press("me").type("1234").effects
