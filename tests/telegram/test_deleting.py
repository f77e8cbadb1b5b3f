"""Messages taken back: both sides', in calls that Telegram takes, and what it refuses keeps no other."""

import pytest

from bot.channels.channel import Refused, Retry, Sent, Uncertain
from bot.channels.telegram.channel import TelegramChannel
from bot.core.channel import Document, Part, PartButton
from tests.fakes.telegram.api import FakeTelegram
from tests.fakes.telegram.user import FakeUser

DAYS = 24 * 3600


def ids(user: FakeUser) -> list[str]:
    return [str(number) for number in user.chat.messages]


async def test_what_both_said_is_gone(channel: TelegramChannel, fake: FakeTelegram, user: FakeUser) -> None:
    user.text("ខ្ញុំ")
    await channel.send("77", Part("យើង"))
    user.photo()
    assert await channel.delete("77", ids(user)) == Sent("")
    assert user.chat.messages == {}
    fake.assert_clean()


async def test_a_long_chat_goes_in_calls_of_a_hundred(
    channel: TelegramChannel, fake: FakeTelegram, user: FakeUser
) -> None:
    for number in range(230):
        user.text(str(number))
    assert await channel.delete("77", ids(user)) == Sent("")
    assert user.chat.messages == {}
    assert [len(call["message_ids"]) for call in fake.called("deleteMessages")] == [100, 100, 30]
    fake.assert_clean()


async def test_one_that_is_too_old_stays_and_keeps_no_other(
    channel: TelegramChannel, fake: FakeTelegram, user: FakeUser
) -> None:
    for number in range(5):
        user.text(str(number))
    old = user.chat.messages[int(ids(user)[2])]
    old["date"] -= 2 * DAYS
    assert await channel.delete("77", [*ids(user), "999999"]) == Sent("")
    assert list(user.chat.messages.values()) == [old]
    fake.assert_clean()


async def test_what_names_no_message_is_not_asked_for(channel: TelegramChannel, fake: FakeTelegram) -> None:
    assert await channel.delete("77", ["", "x", "៧"]) == Sent("")
    assert await channel.delete("me", ["1"]) == Refused("bad-recipient", stop="person")
    assert fake.called("deleteMessages") == []


async def test_trouble_is_told_apart(channel: TelegramChannel, fake: FakeTelegram, user: FakeUser) -> None:
    user.text("ខ្ញុំ")
    fake.fault(status=429, retry_after=3)
    assert await channel.delete("77", ids(user)) == Retry("throttled", after=3, account_wide=True)
    fake.fault("cut")
    assert isinstance(await channel.delete("77", ids(user)), Uncertain)
    user.chat.blocked = True
    assert await channel.delete("77", ["1"]) == Refused("blocked", stop="person")


@pytest.mark.parametrize("two", ["a mark", "a paper"])
async def test_a_part_that_took_two_messages_is_deleted_whole(
    channel: TelegramChannel, user: FakeUser, two: str
) -> None:
    if two == "a mark":
        await channel.send("77", Part("លេខ?", request="contact", request_label="ចែករំលែក"))
        sent = await channel.send("77", Part("បន្ត?", ((PartButton("បាទ", "1:yes"),),)))
    else:
        paper = Document(1, "my-data.json", "application/json")
        sent = await channel.send("77", Part("វែង" * 500, document=paper), b"{}")
    assert isinstance(sent, Sent)
    assert sent.message.split() == ids(user)[-2:]
