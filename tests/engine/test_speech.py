"""Hearing a message answers nothing, wherever it is asked; what is only redrawn is not heard again."""

from dataclasses import replace

from bot.core import effects as fx
from bot.core.events import Start, Tap
from bot.core.message import Line
from bot.core.route import FLOOD_COUNT
from tests.engine.shipped import Talk

ASK = "v:intake.urgent,bot.nudge"
ASKED = ("intake.urgent", "bot.nudge")


def begun() -> Talk:
    return Talk().happen(Start())


def spoken(talk: Talk) -> list[tuple[str, ...]]:
    return [effect.messages for effect in talk.effects if isinstance(effect, fx.Speak)]


def test_a_tap_asks_for_recordings_and_the_question_still_waits() -> None:
    talk = begun()
    before = talk.session
    talk.happen(Tap(ASK, message="b", query="q"))
    assert spoken(talk) == [ASKED]
    assert fx.TapAnswered("q", "b") in talk.effects
    assert not [one for one in talk.effects if isinstance(one, fx.Send)]
    assert replace(talk.session, seen_at=before.seen_at) == before


def test_it_is_no_flood() -> None:
    talk = begun()
    for _ in range(2 * FLOOD_COUNT):
        assert spoken(talk.happen(Tap(ASK, message="b"))) == [ASKED]


def test_it_works_while_staff_has_the_chat() -> None:
    talk = begun()
    talk.contact = replace(talk.contact, handled_by_staff=True)
    assert spoken(talk.happen(Tap(ASK, message="b"))) == [ASKED]


def test_a_label_that_a_reply_keyboard_types_asks_for_the_waiting_question() -> None:
    talk = begun()
    before = talk.session.frames
    assert spoken(talk.type("🔊 ស្តាប់ (១២ KB)")) == [("language.choose",)]
    assert talk.session.frames == before


def test_the_recording_asked_for_is_of_the_release_that_is_walked() -> None:
    talk = begun()
    talk.happen(Tap(ASK, message="b"))
    (effect,) = [effect for effect in talk.effects if isinstance(effect, fx.Speak)]
    assert effect.release == talk.session.frames[-1].release


def test_every_question_is_said_aloud_but_not_when_it_is_redrawn() -> None:
    talk = begun()
    assert [effect.message.aloud for effect in talk.effects if isinstance(effect, fx.Send)] == [True]
    said = [effect.message for effect in talk.type("???").effects if isinstance(effect, fx.Send)]
    assert [message.aloud for message in said] == [True]
    assert isinstance(said[0].lines[0], Line)
