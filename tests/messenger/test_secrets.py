"""Nothing of the Page or of people stands in an address, a log or an error."""

import pytest

from bot.channels.account import AccountError
from bot.channels.channel import TypingGesture
from bot.channels.messenger.channel import MessengerChannel
from bot.channels.messenger.setup import identify
from bot.core.channel import Document, Part
from tests.fakes.graph.api import FakeGraph
from tests.fakes.graph.person import FakePerson

PSID = "88812345"
PAPER = Document(1, "a.json", "application/json")


async def test_the_token_never_stands_in_an_address(
    fake: FakeGraph, channel: MessengerChannel, person: FakePerson
) -> None:
    del person
    await identify(channel)
    await channel.send("7001", Part("x", document=PAPER), b"{}")
    await channel.gesture(TypingGesture("7001"))
    assert {call.token_in for call in fake.calls} == {"header"}


@pytest.mark.parametrize("name", ["expired", "window", "unknown"])
async def test_outcomes_errors_and_logs_hold_numbers_only(
    fake: FakeGraph,
    channel: MessengerChannel,
    name: str,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    fake.person(PSID).met()
    fake.fault(name=name, times=3)
    told = [repr(await channel.send(PSID, Part("ខ្ញុំមកពីថៃ 012345678")))]
    await channel.gesture(TypingGesture(PSID))
    try:
        await identify(channel)
    except AccountError as error:
        told.append(str(error))
    out = capsys.readouterr()
    everything = "\n".join([*told, out.out, out.err, caplog.text, repr(channel.graph)])
    for secret in (fake.page_token, fake.app_secret, PSID, "012345678", "ខ្ញុំ"):
        assert secret not in everything
