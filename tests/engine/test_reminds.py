"""Whether they are asked if they want a reminder, and what is offered where none can reach them."""

from dataclasses import replace

import pytest

from bot.core.activity import Party
from bot.core.activity_effects import Registered
from bot.core.answers import Key
from bot.core.contact import Contact
from bot.core.events import Start
from bot.core.session import Submission
from tests.engine.fairs import FAIR, board, coming, keys, looking, registered, say, text
from tests.engine.shipped import Talk

ALONE = ("n-1", "n-0", "no")  # only me, no children, nobody needs help
NOT_REMINDED = coming(remind="none")


def on_a_page(**known: object) -> Talk:
    """Nothing reaches them where they write, and nobody may call them."""
    talk = looking(**known)
    talk.board = replace(talk.board, reminds=False)
    return talk


# --- the question ---


def test_where_nothing_reaches_them_nobody_asks_whether_to_remind() -> None:
    talk = on_a_page().press("fairs", "a12", "come", *ALONE)
    assert registered(talk) == Registered(12, "come", Party(), remind=True)
    assert say("activities.ask-remind") not in text(talk)


def test_maybe_is_noted_at_once_where_there_is_nothing_to_ask() -> None:
    talk = on_a_page().press("fairs", "a12", "maybe")
    assert registered(talk) == Registered(12, "maybe", Party(), remind=True)


@pytest.mark.parametrize("flag", ["stopped", "resting"])
def test_who_wants_nothing_from_us_is_not_asked_either(flag: str) -> None:
    talk = looking()
    talk.contact = replace(talk.contact, **{flag: True})  # type: ignore[arg-type]
    assert registered(talk.press("fairs", "a12", "come", *ALONE)).party == Party()
    assert not [key for key in keys(talk) if key.startswith(("lead-", "remind"))]


@pytest.mark.parametrize("reminders", [(), ("-20d",)], ids=["none", "all are over"])
def test_a_fair_that_reminds_of_nothing_any_more_does_not_ask(reminders: tuple[str, ...]) -> None:
    talk = looking()
    talk.board = board(replace(FAIR, sheet=replace(FAIR.sheet, reminders=reminders)))
    assert registered(talk.press("fairs", "a12", "come", *ALONE)).party == Party()


def test_who_has_unblocked_us_just_now_is_asked() -> None:
    talk = looking()
    talk.contact = replace(talk.contact, reachable=False)
    assert say("activities.ask-remind") in text(talk.press("fairs", "a12", "maybe"))


# --- what is offered instead ---


def with_apps(talk: Talk, **changed: object) -> Talk:
    talk.contact = replace(talk.contact, **{"apps": True, **changed})  # type: ignore[arg-type]
    return talk


def test_after_registering_they_can_let_staff_call_or_open_another_app() -> None:
    talk = with_apps(on_a_page()).press("fairs", "a12", "come", *ALONE)
    assert {"lead-call", "lead-app", "calendar"} <= set(keys(talk))
    assert {"lead-call", "lead-app"}.isdisjoint(keys(talk.press("list"))), "not where nothing is meant"


def test_where_a_reminder_can_come_neither_is_offered() -> None:
    talk = with_apps(looking(mine=NOT_REMINDED)).press("fairs", "a12")
    assert "remind" in keys(talk)
    assert not [key for key in keys(talk) if key.startswith("lead-")]


def test_who_lets_staff_call_comes_back_to_the_fair_and_can_ask_for_it() -> None:
    talk = on_a_page(mine=NOT_REMINDED).press("fairs", "a12", "lead-call")
    assert talk.node == "remind-call.may-call"
    talk.press("yes").type("012345678")
    talk.board = replace(talk.board, reminds=True)  # as the store knows by now
    talk.press("~skip")
    assert say("activities.remind-now") in text(talk)
    assert registered(talk.type("បាទ")).remind


def test_who_wants_no_call_comes_back_to_the_fair_and_is_asked_nothing() -> None:
    talk = on_a_page(mine=NOT_REMINDED).press("fairs", "a12", "lead-call", "no")
    assert say("activities.next") in text(talk)
    assert {"a12", "ticket", "lead-call"} <= set(keys(talk))


def test_the_other_app_is_opened_by_a_link() -> None:
    talk = with_apps(on_a_page(mine=NOT_REMINDED)).press("fairs", "a12", "lead-app")
    assert talk.node == "link.no-code"
    assert talk.press("back").node == "activities.list"


@pytest.mark.parametrize(
    ("changed", "offered"),
    [({"consents": frozenset()}, ["lead-app"]), ({"linked": True}, ["lead-call"])],
    ids=["agreed to nothing", "has another app"],
)
def test_only_what_is_of_use_is_offered(changed: dict[str, object], offered: list[str]) -> None:
    talk = with_apps(on_a_page(mine=NOT_REMINDED), **changed).press("fairs", "a12")
    assert [key for key in keys(talk) if key.startswith("lead-")] == offered


@pytest.mark.parametrize(("field", "key"), [("phone_sharing", "not-safe"), ("age", "15-17")])
def test_nobody_is_asked_for_a_number_for_whom_a_call_may_be_wrong(field: str, key: str) -> None:
    talk = on_a_page(mine=NOT_REMINDED)
    told = Submission(1, "intake", opened=True, answers={(field, 0): Key(key)})
    talk.session = replace(talk.session, submissions=(told,))
    assert "lead-call" not in keys(talk.press("fairs", "a12"))


# --- the first minute ---


def newcomer() -> Talk:
    """Somebody who chose Khmer and is asked whether they want to read or to listen."""
    talk = Talk(Contact(1, "km")).happen(Start()).press("km")
    talk.board = board()
    return talk


def test_who_registers_before_the_first_questions_are_over_sees_the_page_after_them() -> None:
    talk = newcomer().type("job fair").press("a12", "come", *ALONE, "yes")
    assert talk.node == "listen.how"
    talk.board = board(mine=coming())
    talk.press("read", "yes")
    assert say("activities.next") in text(talk)
    assert {"a12", "ticket", "calendar", "pin"} <= set(keys(talk))
    talk.press("list")
    assert "a13" in keys(talk)


def test_the_page_tells_of_no_ticket_that_there_is_not() -> None:
    talk = newcomer().type("job fair").press("a12", "come", *ALONE, "yes")
    talk.board = board(mine=coming(seat="waiting", ticket=""))
    talk.press("read", "yes")
    assert "ticket" not in keys(talk)
    assert "calendar" in keys(talk)


def test_whoever_leaves_the_first_questions_for_the_menu_is_there() -> None:
    talk = newcomer().type("job fair").press("a12", "come", *ALONE, "yes")
    assert talk.press("~menu").node == "menu.home"


def test_looking_again_meanwhile_skips_none_of_the_first_questions() -> None:
    talk = newcomer().type("job fair").press("a12", "come", *ALONE, "yes")
    talk.type("job fair").press("a13", "cannot")
    assert talk.node == "listen.how"
    assert talk.press("read").node == "consent.agree"
    assert {"a13", "list"} <= set(keys(talk.press("yes")))
