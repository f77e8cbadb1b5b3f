"""Pages, pins, pictures and recordings of ours on Telegram."""

from collections.abc import Iterator

import pytest

from bot.channels.channel import Refused, Sent, Unheld, Uploaded
from bot.channels.telegram.channel import TelegramChannel
from bot.core.channel import Document, Part, PartButton, Point
from tests.fakes.telegram.api import FakeTelegram
from tests.fakes.telegram.user import FakeUser
from tests.picture import jpeg

HALL = Point(12.5388, 103.9192, "សាលាខេត្តពោធិ៍សាត់", "ផ្លូវជាតិលេខ ៥")
PICTURE = Part("", document=Document(0, "a1.jpg", "image/jpeg", content="a1"))


@pytest.fixture(autouse=True)
def every_call_is_right(fake: FakeTelegram) -> Iterator[None]:
    fake.user(77)
    yield
    fake.assert_clean()


async def test_a_button_opens_a_page_beside_one_that_tells_us(
    channel: TelegramChannel, user: FakeUser
) -> None:
    row = (PartButton("ខ្ញុំមក", "a:7:come"), PartButton("គេហទំព័រ", "", "https://spean.test/f/7"))
    assert isinstance(await channel.send("77", Part("ពិព័រណ៍", (row,))), Sent)
    assert user.last["reply_markup"]["inline_keyboard"] == [
        [
            {"text": "ខ្ញុំមក", "callback_data": "a:7:come"},
            {"text": "គេហទំព័រ", "url": "https://spean.test/f/7"},
        ]
    ]


async def test_a_pin_has_its_name_and_where_it_is(channel: TelegramChannel, user: FakeUser) -> None:
    outcome = await channel.send("77", Part("", point=HALL))
    assert outcome == Sent(str(user.last["message_id"]))
    where = {"latitude": 12.5388, "longitude": 103.9192}
    assert user.last["venue"] == {"location": where, "title": HALL.title, "address": HALL.address}


@pytest.mark.parametrize(
    ("point", "method"),
    [(Point(12.5, 103.9, "សាលា"), "sendVenue"), (Point(12.5, 103.9, ""), "sendLocation")],
)
async def test_a_pin_that_lacks_words_is_shown_all_the_same(
    channel: TelegramChannel, fake: FakeTelegram, point: Point, method: str
) -> None:
    assert isinstance(await channel.send("77", Part("", point=point)), Sent)
    assert fake.calls[-1].method == method


async def test_a_picture_is_a_photo_uploaded_once(
    channel: TelegramChannel, fake: FakeTelegram, user: FakeUser
) -> None:
    first = await channel.send("77", PICTURE, jpeg())
    assert first == Sent(str(user.last["message_id"]), user.last["photo"][-1]["file_id"])
    assert fake.calls[-1].files == {"photo": jpeg()}
    assert isinstance(first, Sent)
    again = await channel.send("77", PICTURE, Uploaded(first.file))
    assert again == Sent(str(user.last["message_id"]))
    assert (fake.calls[-1].files, fake.calls[-1].params["photo"]) == ({}, first.file)


async def test_a_photo_that_telegram_does_not_know_is_told_apart(channel: TelegramChannel) -> None:
    assert await channel.send("77", PICTURE, Uploaded("FILE-999999-photo")) == Unheld()


async def test_what_is_no_picture_is_refused_and_nobody_is_lost(channel: TelegramChannel) -> None:
    refused = await channel.send("77", PICTURE, b"%PDF-1.7")
    assert isinstance(refused, Refused)
    assert refused.stop == "nothing"
