"""What goes out tells nothing that it need not: sensitive answers, reminders; and anybody can hide."""

from dataclasses import replace

import pytest

from bot.core import effects as fx
from bot.core.dialog import ChoiceNode, MultiChoiceNode, YesNoNode
from bot.core.events import Media, Tap, WaitExpired
from bot.core.outline import choices_of, every_node
from tests.engine.shipped import Talk, agreed, release

SENSITIVE = [
    (dialog.id, node.id)
    for dialog, node in every_node(release().book)
    if node.sensitivity == "S2" and isinstance(node.kind, ChoiceNode | MultiChoiceNode | YesNoNode)
]


def say(message_id: str) -> str:
    return release().words.say(message_id, "km")


def careful() -> Talk:
    """Agreed, on a phone that others look into."""
    return agreed().tap(say("intake.phone-sharing.shared-careful"))


@pytest.mark.parametrize(("dialog", "node"), SENSITIVE)
def test_no_message_repeats_a_sensitive_answer(dialog: str, node: str) -> None:
    asked = release().book.dialogs[dialog].nodes[node]
    for choice in choices_of(asked).values():
        talk = agreed()
        *below, frame = talk.session.frames
        there = replace(frame, dialog=dialog, node=node, history=(), asked=True)
        talk.session = replace(talk.session, frames=(*below, there))
        talk.happen(Tap(f"{talk.session.turn}:{choice.key}", message="1"))
        answered = [one for one in talk.effects if isinstance(one, fx.TapAnswered)]
        assert all(one.chosen is None or one.chosen.id == "bot.answered" for one in answered)
        if not choice.label.startswith("bot."):
            assert say(choice.label) not in "\n".join(said.text for said in talk.said)


def test_a_discreet_reminder_has_no_question_and_no_button() -> None:
    talk = agreed()
    talk.tap(say("intake.phone-sharing.mine"))
    talk.contact = replace(talk.contact, discreet=True)
    talk.wait(hours=1)
    talk.happen(WaitExpired(talk.session.turn, last=False))
    assert [said.text for said in talk.said] == [say("bot.nudge-discreet")]
    assert talk.buttons == ()
    assert talk.session.nudged


def test_who_must_be_careful_can_hide_at_every_question() -> None:
    assert not any(button.payload.endswith(":~hide") for button in agreed().buttons)
    talk = careful()
    assert talk.buttons[-1].payload.endswith(":~hide")
    talk.happen(Tap(talk.buttons[-1].payload, message="1"))
    assert any(isinstance(one, fx.ChatHidden) for one in talk.effects)
    assert talk.session.locked
    assert talk.session.wake_at is None
    assert talk.buttons == ()


@pytest.mark.parametrize("words", ["🙈", "លាក់", "បិទបាំង", "Hide", "leak", "🙈🙈🙈", "/hide"])
def test_a_word_or_an_emoji_hides(words: str) -> None:
    talk = agreed().type(words.removeprefix("/"))
    assert any(isinstance(one, fx.ChatHidden) for one in talk.effects)
    assert len(talk.said) == 1


def test_a_hidden_chat_stands_where_it_stood() -> None:
    talk = agreed()
    before = talk.node
    talk.type("🙈").type("សួស្តី").happen(Tap(f"{talk.session.turn}:me", message="1"))
    assert talk.node == before


def test_a_picture_is_offered_back_and_the_question_comes_again() -> None:
    talk = agreed()
    before = talk.node
    talk.happen(Media("image", "r", "image/jpeg", 9, message="m"))
    assert fx.HoldMedia("r", "image", "image/jpeg", 9) in talk.effects
    assert talk.node == "file.what"
    talk.tap(say("file.what.delete"))
    assert fx.MediaDecided(keep=False) in talk.effects
    assert talk.node == before
