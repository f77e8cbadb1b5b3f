"""Four pictures: set twice, asked at the gate, never shown, never told which was wrong."""

import json
from datetime import timedelta

from bot.core import effects as fx
from bot.core.events import Command, Returned, Start, Tap
from bot.core.session import dump
from tests.engine.shipped import Talk
from tests.engine.test_who_is_writing import half_way, sentences

CODE = ("1", "1", "8", "5")


def with_code() -> Talk:
    return half_way().happen(Command("code")).press("set", *CODE, *CODE)


def at_the_gate() -> Talk:
    return with_code().wait(hours=9).happen(Start()).press("me")


def test_a_code_is_given_twice_and_then_asked() -> None:
    talk = half_way().happen(Command("code")).press("set", *CODE)
    assert talk.session.code == ()
    talk.press(*CODE)
    assert talk.session.code == CODE
    assert talk.wait(hours=9).happen(Start()).press("me").node == "who.code"


def test_two_that_differ_set_nothing() -> None:
    talk = half_way().happen(Command("code")).press("set", *CODE, "1", "1", "8", "6")
    assert talk.session.code == ()
    assert talk.node == "code.new"
    assert talk.press(*CODE, *CODE).session.code == CODE


def test_the_right_pictures_open_and_show_the_question() -> None:
    talk = half_way()
    question = talk.said[-1].text
    talk.happen(Command("code")).press("set", *CODE, *CODE)
    talk.wait(hours=9).happen(Start()).press("me", *CODE[:3])
    assert question not in sentences(talk)
    talk.press(CODE[3])
    assert question in sentences(talk)


def test_each_tap_redraws_the_same_message_and_shows_only_how_many() -> None:
    talk = at_the_gate()
    for given, dots in enumerate(("●○○○", "●●○○", "●●●○"), 1):
        talk.press(CODE[given - 1])
        message = next(one.message for one in talk.effects if isinstance(one, fx.Send))
        assert message.replaces == "b"
        assert dots in sentences(talk)


def test_no_step_of_it_keeps_words_or_shows_what_was_tapped() -> None:
    talk = at_the_gate()
    for picture in CODE:
        talk.press(picture)
        assert fx.DropWords() in talk.effects
        assert all(one.chosen is None for one in talk.effects if isinstance(one, fx.TapAnswered))
        assert talk.session.tapped.partition(":")[2] not in CODE


def test_after_the_last_tap_its_message_has_no_pictures() -> None:
    talk = at_the_gate().press(*CODE)
    first = next(one.message for one in talk.effects if isinstance(one, fx.Send))
    assert first.replaces == "b"
    assert not first.buttons
    assert "●●●●" in talk.said[0].text


def test_wrong_pictures_say_so_and_not_which() -> None:
    texts = []
    for wrong in (("9", "1", "8", "5"), ("1", "1", "8", "9")):
        talk = at_the_gate().press(*wrong)
        assert talk.node == "who.code"
        assert talk.session.frames[-1].draft == ()
        texts.append(sentences(talk))
    assert texts[0] == texts[1]


def test_five_wrong_ones_wait_an_hour_that_is_told_even_for_the_right_one() -> None:
    talk = at_the_gate().press(*("9", "9", "9", "9") * 5)
    assert "២២" in sentences(talk)
    talk.press(CODE[0])
    assert talk.session.frames[-1].draft == ()
    talk.wait(hours=1).press(*CODE)
    assert not talk.session.locked
    assert talk.session.code_wait is None


def test_a_new_session_does_not_shorten_the_wait() -> None:
    talk = at_the_gate().press(*("9", "9", "9", "9") * 5)
    talk.happen(Returned()).press(*CODE)
    assert talk.session.locked


def test_the_last_picture_can_be_taken_back() -> None:
    talk = at_the_gate().press("1", "1", "9", "~undo", "8", "5")
    assert not talk.session.locked


def test_numbers_may_be_typed_one_by_one_or_together_in_khmer_too() -> None:
    assert not at_the_gate().type("1185").session.locked
    assert not at_the_gate().type("១១ ៨៥").session.locked
    assert not at_the_gate().type("1").type("១").type("8").type("5").session.locked


def test_words_that_are_no_pictures_change_nothing() -> None:
    talk = at_the_gate().press("1").type("ភ្លេចហើយ")
    assert talk.session.frames[-1].draft == ("1",)
    assert fx.DropWords() in talk.effects


def test_who_forgot_it_can_go_on_as_someone_else() -> None:
    talk = at_the_gate().press("~forgotten")
    assert talk.node == "who.forgotten"
    assert talk.press("other").node == "who.ask"
    assert talk.press("new").handed is not None


def test_the_code_is_changed_and_given_up_only_by_who_knows_it() -> None:
    talk = with_code().happen(Command("code"))
    assert talk.press("forget").node == "code.last"
    assert talk.press(*CODE).session.code == ()
    talk = with_code().happen(Command("code")).press("change", *CODE)
    assert talk.node == "code.new"


def test_who_set_no_code_is_not_asked_for_one() -> None:
    assert half_way().wait(hours=9).happen(Start()).press("me").node.startswith("intake.")


def test_the_code_waits_in_the_session_only() -> None:
    talk = at_the_gate().press(*CODE)
    kept = dump(talk.session)
    assert kept.pop("code") == list(CODE)
    assert '"1185"' not in json.dumps(kept)
    assert talk.session.code_wait is None
    assert talk.session.code_misses == 0
    assert timedelta(0) == talk.now - talk.session.seen_at


def test_an_old_picture_answers_nothing() -> None:
    talk = at_the_gate()
    old = next(one.payload for one in talk.buttons if one.payload.endswith(":1"))
    talk.press(*CODE)
    after = talk.session.frames
    talk.happen(Tap(old, message="b"))
    assert talk.session.frames == after
