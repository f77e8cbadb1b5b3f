"""Pages and pictures of ours on Messenger."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.channels.channel import Sent, Unheld, Uploaded
from bot.channels.messenger.channel import MessengerChannel
from bot.core.channel import Document, Part, PartButton, PartCard
from tests.fakes.graph.api import FakeGraph
from tests.fakes.graph.person import FakePerson
from tests.picture import png

SITE = PartButton("គេហទំព័រ", "", "https://spean.test/f/7")
COME = PartButton("ខ្ញុំមក", "a:7:come")
PICTURE = Part("", document=Document(0, "a1.png", "image/png", content="a1"))


@pytest.fixture(autouse=True)
def within_the_rules(fake: FakeGraph) -> Iterator[None]:
    yield
    fake.assert_clean()


async def test_a_page_opens_from_a_button_that_stays(channel: MessengerChannel, person: FakePerson) -> None:
    await channel.send("7001", Part("ពិព័រណ៍", ((SITE,), (COME,)), quick=True, staying=1))
    assert [(one.kind, one.payload, one.stays) for one in person.last.choices] == [
        ("web_url", SITE.url, True),
        ("text", COME.payload, False),
    ]


async def test_a_page_opens_from_a_card(channel: MessengerChannel, person: FakePerson) -> None:
    card = PartCard("ពិព័រណ៍", "ពោធិ៍សាត់", (SITE, COME))
    await channel.send("7001", Part("", cards=(card,)))
    assert [one.kind for one in person.last.choices] == ["web_url", "postback"]


async def test_a_picture_is_uploaded_once_and_then_known_by_its_id(
    fake: FakeGraph, channel: MessengerChannel, person: FakePerson
) -> None:
    first = await channel.send("7001", PICTURE, png())
    assert isinstance(first, Sent)
    await channel.send("7001", PICTURE, Uploaded(first.file))
    assert [got.file for got in person.messages] == [png()] * 2
    assert [call.edge for call in fake.calls] == ["message_attachments", "messages", "messages"]
    fake.later(timedelta(days=90))  # an attachment's life (§3.2)
    person.met()
    assert await channel.send("7001", PICTURE, Uploaded(first.file)) == Unheld()
