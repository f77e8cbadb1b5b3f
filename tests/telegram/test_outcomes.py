"""Every way a call can end, and what it means for the part (facts/channels.md §2.5)."""

import socket

import pytest

from bot.channels.channel import Outcome, Refused, Retry, Sent, Uncertain
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.request import AiohttpRequest
from bot.core.channel import Document, Part
from tests.fakes.telegram.api import TOKEN, FakeTelegram
from tests.fakes.telegram.user import FakeUser

SAY = Part("សួស្តី")
FILE = Part("ឯកសារ", document=Document(1, "a.json", "application/json"))


@pytest.mark.parametrize(
    ("status", "description", "outcome"),
    [
        (403, "Forbidden: bot was blocked by the user", Refused("blocked", stop="person")),
        (403, "Forbidden: user is deactivated", Refused("deactivated", stop="person")),
        (
            403,
            "Forbidden: bot can't initiate conversation with a user",
            Refused("never-started", stop="person"),
        ),
        (403, "Forbidden: something new", Refused("forbidden", stop="person")),
        (400, "Bad Request: chat not found", Refused("bad-recipient", stop="person")),
        (400, "Bad Request: private chat not found", Refused("bad-recipient", stop="person")),
        (400, "Bad Request: message is too long", Refused("bad-request: Message is too long")),
        (
            400,
            "Bad Request: reply markup is too long",
            Refused("bad-request: Reply markup is too long"),
        ),
        (401, "Unauthorized", Refused("bad-token", stop="account")),
        (404, "Not Found", Refused("bad-token", stop="account")),
        (409, "Conflict: terminated", Retry("conflict")),
        (413, "Request Entity Too Large", Refused("bad-request: Request Entity Too Large")),
        (500, "Internal Server Error", Retry("server-trouble")),
        (502, "Bad Gateway", Retry("server-trouble")),
        (503, "Service Unavailable", Retry("server-trouble")),
        (504, "Gateway Timeout", Uncertain("answer-lost")),
    ],
)
@pytest.mark.parametrize("part", [SAY, FILE], ids=["message", "document"])
async def test_an_error_answer_means(
    fake: FakeTelegram, channel: TelegramChannel, part: Part, status: int, description: str, outcome: Outcome
) -> None:
    fake.user(77)
    fake.fault(status=status, description=description)
    assert await channel.send("77", part, b"{}") == outcome
    assert isinstance(await channel.send("77", part, b"{}"), Sent)


@pytest.mark.parametrize("part", [SAY, FILE], ids=["message", "document"])
async def test_throttling_stops_the_account_for_as_long_as_asked(
    fake: FakeTelegram, channel: TelegramChannel, part: Part
) -> None:
    fake.fault(status=429, retry_after=35)
    assert await channel.send("77", part, b"{}") == Retry("throttled", after=35.0, account_wide=True)


@pytest.mark.parametrize("status", [302, 401, 403, 404, 418, 502])
async def test_a_page_of_something_between_is_never_the_persons_fault(
    fake: FakeTelegram, channel: TelegramChannel, status: int
) -> None:
    fake.fault(status=status, html=True)
    assert await channel.send("77", SAY) == Retry("server-trouble")


async def test_a_blocked_person_and_an_unknown_one(channel: TelegramChannel, user: FakeUser) -> None:
    user.block()
    assert await channel.send("77", SAY) == Refused("blocked", stop="person")
    assert await channel.send("78", SAY) == Refused("bad-recipient", stop="person")
    user.unblock()
    assert isinstance(await channel.send("77", SAY), Sent)


@pytest.mark.parametrize("kind", ["lost", "cut", "nonsense"])
async def test_a_lost_answer_is_uncertain(fake: FakeTelegram, kind: str) -> None:
    user = fake.user(77)
    channel = TelegramChannel(fake.token, fake.base, request=AiohttpRequest(read=0.1))
    fake.fault(kind)  # type: ignore[arg-type]
    assert await channel.send("77", SAY) == Uncertain("answer-lost")
    assert [message["text"] for message in user.messages] == ["សួស្តី"]  # and it had been delivered
    await channel.close()


@pytest.mark.parametrize("kind", ["hang", "shut"])
async def test_so_is_one_of_which_nobody_knows_whether_it_arrived(fake: FakeTelegram, kind: str) -> None:
    channel = TelegramChannel(fake.token, fake.base, request=AiohttpRequest(read=0.1))
    fake.fault(kind)  # type: ignore[arg-type]
    assert await channel.send("77", SAY) == Uncertain("answer-lost")
    await channel.close()


async def test_an_answer_of_unknown_shape_is_uncertain(fake: FakeTelegram, channel: TelegramChannel) -> None:
    fake.user(77)
    shaped = {"message_id": "the first"}
    fake.world.message = lambda *_: shaped  # type: ignore[method-assign]
    assert await channel.send("77", SAY) == Uncertain("answer-unreadable")


async def test_no_connection_is_surely_not_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        channel = TelegramChannel(TOKEN, f"http://127.0.0.1:{taken.getsockname()[1]}")
        assert await channel.send("77", SAY) == Retry("not-sent")
        await channel.close()


async def test_words_that_are_no_unicode_are_refused_at_home(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    outcome = await channel.send("77", Part("\ud800"))
    assert isinstance(outcome, Refused)
    assert fake.requests == 0


async def test_a_redirect_is_not_followed(fake: FakeTelegram, channel: TelegramChannel) -> None:
    fake.fault(status=307, html=True)
    assert await channel.send("77", SAY) == Retry("server-trouble")
    assert fake.requests == 1
