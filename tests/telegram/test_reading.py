"""A raw update becomes events: a table of payloads."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.telegram.read import read
from bot.core.contact import Address
from bot.core.events import (
    Body,
    Command,
    Location,
    Media,
    MediaKind,
    Reachable,
    SharedContact,
    Start,
    Tap,
    Text,
    Unknown,
)
from tests.telegram.payloads import ACCOUNT, CHAT, NOW, SENDER, SENT, file, membership, message, tap


def media(kind: MediaKind, mime: str, seconds: int = 0, caption: str = "", album: str = "") -> Media:
    return Media(kind, "AwAC", mime, 900, seconds, caption, album, "5")


def shared(*, own: bool) -> SharedContact:
    return SharedContact("85512345678", own=own, message="5")


NUMBER = {"phone_number": "85512345678", "first_name": "s"}

TABLE: list[tuple[str, dict[str, Any], Body]] = [
    ("words", message(text="សួស្តី"), Text("សួស្តី", "5")),
    ("spaces are kept", message(text=" ២៤ "), Text(" ២៤ ", "5")),
    ("start", message(text="/start"), Start("", "km", "5")),
    ("deep link", message(text="/start fair_12-a"), Start("fair_12-a", "km", "5")),
    ("start at a group's habit", message(text="/start@spean_bot x1"), Start("x1", "km", "5")),
    ("words behind start may be of danger", message(text="/start ក ខ"), Start("ក ខ", "km", "5")),
    ("command", message(text="/menu"), Command("menu", message="5")),
    ("command in capitals", message(text="/Stop@spean_bot"), Command("stop", message="5")),
    ("command with words", message(text="/help  ប៉ាស្ព័រ\nថ្មី"), Command("help", "ប៉ាស្ព័រ\nថ្មី", "5")),
    ("a slash is no command", message(text="/ ២៤/១១"), Text("/ ២៤/១១", "5")),
    ("voice", message(voice=file(duration=3, mime_type="audio/ogg")), media("voice", "audio/ogg", 3)),
    ("audio", message(audio=file(duration=9)), media("audio", "audio/mpeg", 9)),
    ("video note", message(video_note=file(duration=9, length=240)), media("video", "video/mp4", 9)),
    (
        "document",
        message(document=file(mime_type="application/pdf"), caption="លិខិត"),
        media("document", "application/pdf", caption="លិខិត"),
    ),
    ("sticker", message(sticker=file(emoji="👍")), media("sticker", "image/webp")),
    (
        "animation with its twin",
        message(animation=file(duration=2), document=file()),
        media("video", "video/mp4", 2),
    ),
    (
        "the largest photo of an album",
        message(
            photo=[
                file(width=90, height=60) | {"file_id": "s"},
                file(width=1280, height=800),
                file(width=320, height=200) | {"file_id": "m"},
            ],
            media_group_id="14",
        ),
        media("image", "image/jpeg", album="14"),
    ),
    ("own number", message(contact=NUMBER | {"user_id": 77}), shared(own=True)),
    ("somebody else's number", message(contact=NUMBER | {"user_id": 78}), shared(own=False)),
    ("a number without owner", message(contact=NUMBER), shared(own=False)),
    ("place", message(location={"latitude": 13.1, "longitude": 103}), Location(13.1, 103.0, "5")),
    (
        "place beside the globe",
        message(location={"latitude": 200, "longitude": 103}),
        Unknown("location", "5"),
    ),
    ("poll", message(poll={"id": "1"}), Unknown("poll", "5")),
    ("something of next year", message(hologram={"depth": 3}), Unknown("hologram", "5")),
    ("empty words", message(text=""), Unknown("text", "5")),
    ("tap", tap(), Tap("7:yes", "4", "4001")),
    (
        "tap on a message too old to be shown",
        tap(message={"message_id": 4, "chat": CHAT, "date": 0}),
        Tap("7:yes", "4", "4001"),
    ),
    (
        "tap without its message",
        {"update_id": 900, "callback_query": {"id": "4001", "from": SENDER, "data": "7:yes"}},
        Tap("7:yes", "", "4001"),
    ),
    ("tap on a game", tap(data=None), Unknown("callback_query", "4")),
    ("blocked", membership("kicked"), Reachable(reachable=False)),
    ("unblocked", membership("member"), Reachable(reachable=True)),
    ("restricted", membership("restricted"), Unknown("my_chat_member")),
    (
        "edited words",
        {"update_id": 900, "edited_message": {**message(text="២៥")["message"], "edit_date": SENT + 9}},
        Text("២៥", "5", edits="5"),
    ),
    (
        "edited photo",
        {"update_id": 900, "edited_message": message(caption="x")["message"]},
        Unknown("edited_message", "5"),
    ),
    (
        "reaction",
        {"update_id": 900, "message_reaction": {"chat": CHAT, "date": SENT, "message_id": 5}},
        Unknown("message_reaction"),
    ),
]


@pytest.mark.parametrize(("raw", "body"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_an_update_reads_as(raw: dict[str, Any], body: Body) -> None:
    (event,) = read(raw, ACCOUNT, NOW)
    assert event.id == "u900"
    assert event.address == Address(ACCOUNT, "77")
    assert event.body == body


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        (message(text="x"), datetime(2026, 11, 22, 2, 0, tzinfo=UTC)),
        (
            {"update_id": 1, "edited_message": message(text="x", edit_date=SENT + 5)["message"]},
            datetime(2026, 11, 22, 2, 0, 5, tzinfo=UTC),
        ),
        (tap(), NOW),
        (message(text="x", date=10**18), NOW),
        (message(text="x", date="yesterday"), NOW),
    ],
)
def test_the_time_is_telegrams_where_it_tells_one(raw: dict[str, Any], at: datetime) -> None:
    assert read(raw, ACCOUNT, NOW)[0].at == at


@pytest.mark.parametrize(
    "raw",
    [
        message(text="x", chat={"id": -100, "type": "supergroup", "title": "t"}),
        tap(message={"message_id": 4, "chat": {"id": -100, "type": "group"}, "date": 0}),
        {"update_id": 1, "channel_post": {"message_id": 1, "chat": {"id": -1, "type": "channel"}, "date": 1}},
        {"update_id": 1, "business_message": message(text="not for us")["message"]},
        {"update_id": 1, "inline_query": {"id": "1", "from": SENDER, "query": "x", "offset": ""}},
        {"update_id": 1},
    ],
)
def test_what_is_not_between_one_person_and_us_says_nothing(raw: dict[str, Any]) -> None:
    assert read(raw, ACCOUNT, NOW) == ()


@pytest.mark.parametrize(
    "raw",
    [
        {},
        [],
        "x",
        7,
        None,
        {"update_id": "1"},
        {"update_id": True},
        {"update_id": 1, "message": 5},
        {"update_id": 1, "message": {"chat": {}}},
        {"update_id": 1, "callback_query": {"message": []}},
    ],
)
def test_what_is_no_update_is_refused(raw: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not a Telegram update"):
        read(raw, ACCOUNT, NOW)
