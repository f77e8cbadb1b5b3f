"""Taps are answered and marked, typing is shown; nothing of it can fail loudly."""

import pytest

from bot.channels.channel import TapGesture, TypingGesture
from bot.channels.telegram.channel import TelegramChannel
from bot.core.channel import Part, PartButton
from tests.fakes.telegram.api import FakeTelegram
from tests.fakes.telegram.user import FakeUser

ASK = Part("ហាត់?", ((PartButton("បាទ", "7:yes"), PartButton("ទេ", "7:no")),))


async def tapped(channel: TelegramChannel, user: FakeUser, chosen: str) -> TapGesture:
    await channel.send("77", ASK)
    user.tap("បាទ")
    raw = (await channel.updates(0, 0))[-1]
    query = raw["callback_query"]
    return TapGesture("77", query["id"], str(query["message"]["message_id"]), chosen, raw)


async def test_a_tap_is_answered_and_its_message_tells_the_choice(
    fake: FakeTelegram, channel: TelegramChannel, user: FakeUser
) -> None:
    gesture = await tapped(channel, user, "👉 បាទ")
    await channel.gesture(gesture)
    assert fake.world.queries[gesture.query].answered == ""
    assert user.last["text"] == "ហាត់?\n\n👉 បាទ"
    assert "reply_markup" not in user.last
    fake.assert_clean()


async def test_a_tap_with_nothing_chosen_is_only_answered(
    fake: FakeTelegram, channel: TelegramChannel, user: FakeUser
) -> None:
    gesture = await tapped(channel, user, "")
    await channel.gesture(gesture)
    assert fake.world.queries[gesture.query].answered == ""
    assert user.buttons == ["បាទ", "ទេ"]
    fake.assert_clean()


async def test_words_that_leave_no_room_lose_only_the_keyboard(
    fake: FakeTelegram, channel: TelegramChannel, user: FakeUser
) -> None:
    gesture = await tapped(channel, user, "ក" * 4096)
    await channel.gesture(gesture)
    assert user.last["text"] == "ហាត់?"
    assert user.buttons == []
    fake.assert_clean()


async def test_a_message_too_old_to_read_loses_its_keyboard(
    fake: FakeTelegram, channel: TelegramChannel, user: FakeUser
) -> None:
    known = await tapped(channel, user, "បាទ")
    await channel.gesture(TapGesture("77", known.query, known.message, "បាទ", raw=None))
    assert user.buttons == []
    fake.assert_clean()


async def test_a_second_tap_changes_nothing(channel: TelegramChannel, user: FakeUser) -> None:
    gesture = await tapped(channel, user, "បាទ")
    for _ in range(2):
        await channel.gesture(gesture)
    assert user.last["text"] == "ហាត់?\n\nបាទ"


async def test_typing_is_shown(fake: FakeTelegram, channel: TelegramChannel, user: FakeUser) -> None:
    await channel.gesture(TypingGesture("77"))
    assert user.chat.actions == ["typing"]
    fake.assert_clean()


@pytest.mark.parametrize("status", [400, 401, 403, 409, 429, 500])
async def test_a_failure_passes_in_silence(
    fake: FakeTelegram, channel: TelegramChannel, user: FakeUser, status: int
) -> None:
    gesture = await tapped(channel, user, "បាទ")
    fake.fault(status=status, times=3, retry_after=1 if status == 429 else 0)
    await channel.gesture(gesture)
    await channel.gesture(TypingGesture("77"))
    assert user.last["text"] == "ហាត់?"


async def test_a_tap_that_waited_too_long_is_still_marked(
    fake: FakeTelegram, channel: TelegramChannel, user: FakeUser
) -> None:
    gesture = await tapped(channel, user, "បាទ")
    fake.world.queries.clear()
    await channel.gesture(gesture)
    assert user.last["text"] == "ហាត់?\n\nបាទ"


async def test_an_address_of_another_kind_is_left_alone(fake: FakeTelegram, channel: TelegramChannel) -> None:
    await channel.gesture(TypingGesture("abc"))
    assert fake.calls == []
