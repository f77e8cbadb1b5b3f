"""A webhook's body becomes events: a table of payloads."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channels.messenger.read import read
from bot.core.contact import Address
from bot.core.events import (
    Body,
    Command,
    Event,
    LeftToUs,
    Location,
    Media,
    Reacted,
    SharedContact,
    Start,
    Tap,
    Text,
    Unknown,
    WrittenElsewhere,
)
from tests.messenger.payloads import (
    ACCOUNT,
    CDN,
    MID,
    NOW,
    PAGE,
    PSID,
    SENT,
    attached,
    body,
    item,
    message,
    of_page,
)

INBOX = 263902037430900
HERE = {"coordinates": {"lat": 13.1, "long": 103}}
AUDIO = attached("audio", url=CDN)


def postback(**content: object) -> dict[str, Any]:
    return body(item(postback={"mid": MID, "title": "ចាប់ផ្តើម", **content}))


def control(kind: str, **content: object) -> dict[str, Any]:
    return body(item(**{kind: content}))


def quick(payload: str, text: str = "បាទ") -> dict[str, Any]:
    return message(text=text, quick_reply={"payload": payload})


TABLE: list[tuple[str, dict[str, Any], Body]] = [
    ("words", message(text="សួស្តី"), Text("សួស្តី", MID)),
    ("spaces are kept", message(text=" ២៤ "), Text(" ២៤ ", MID)),
    ("a typed command", message(text="/fair"), Command("fair", message=MID)),
    ("with what stands behind it", message(text="/Stop  fairs "), Command("stop", "fairs", MID)),
    ("a typed start", message(text="/start f-12"), Start("f-12", message=MID)),
    ("a start with anything behind it", message(text="/start me up"), Start(message=MID)),
    ("a slash that is no command", message(text="/ 2"), Text("/ 2", MID)),
    ("a reply to a message", message(text="បាទ", reply_to={"mid": "m_1"}), Text("បាទ", MID)),
    (
        "words with a preview of their link",
        message(text="https://x.kh", attachments=[attached("fallback", url="https://x.kh")]),
        Text("https://x.kh", MID),
    ),
    ("quick reply", quick("7:yes"), Tap("7:yes", MID)),
    ("quick reply of the menu", quick("c:menu"), Command("menu", message=MID)),
    (
        "own phone",
        quick("+85512345678", "+85512345678"),
        SharedContact("+85512345678", own=True, message=MID),
    ),
    ("digits typed are words", message(text="012345678"), Text("012345678", MID)),
    ("voice", message(attachments=[AUDIO]), Media("voice", CDN, "audio/mp4", message=MID)),
    (
        "image",
        message(attachments=[attached("image", url=CDN)]),
        Media("image", CDN, "image/jpeg", message=MID),
    ),
    (
        "video",
        message(attachments=[attached("video", url=CDN)]),
        Media("video", CDN, "video/mp4", message=MID),
    ),
    (
        "file with words",
        message(text="លិខិត", attachments=[attached("file", url=CDN)]),
        Media("document", CDN, "application/octet-stream", caption="លិខិត", message=MID),
    ),
    (
        "sticker",
        message(attachments=[attached("sticker", url=CDN, sticker_id=55)]),
        Media("sticker", CDN, "image/webp", message=MID),
    ),
    (
        "sticker as it came before 2026-08-30",
        message(attachments=[attached("image", url=CDN, sticker_id=55)], sticker_id=55),
        Media("sticker", CDN, "image/webp", message=MID),
    ),
    (
        "the thumb says yes",
        message(attachments=[attached("sticker", url=CDN, sticker_id=369239263222822)]),
        Text("👍", MID),
    ),
    ("place", message(attachments=[{"type": "location", "payload": HERE}]), Location(13.1, 103.0, MID)),
    (
        "place beside the globe",
        message(attachments=[attached("location", coordinates={"lat": 200, "long": 1})]),
        Unknown("location", MID),
    ),
    ("a shared reel", message(attachments=[attached("reel", url=CDN)]), Unknown("reel", MID)),
    ("a link alone", message(attachments=[attached("fallback", url=CDN)]), Unknown("fallback", MID)),
    ("a file without address", message(attachments=[attached("image")]), Unknown("image", MID)),
    ("what the platform cannot show", message(is_unsupported=True), Unknown("unsupported", MID)),
    ("something of next year", message(hologram={"depth": 3}), Unknown("hologram", MID)),
    ("empty words", message(text=""), Unknown("message", MID)),
    ("button", postback(payload="7:yes"), Tap("7:yes", MID)),
    ("menu", postback(payload="c:person"), Command("person", message=MID)),
    ("get started", postback(payload="c:start"), Start(message=MID)),
    (
        "get started from a poster",
        postback(
            payload="c:start", referral={"ref": "fair_12-a", "source": "SHORTLINK", "type": "OPEN_THREAD"}
        ),
        Start("fair_12-a", message=MID),
    ),
    (
        "a link into a chat that exists",
        body(item(referral={"ref": "fair_12-a", "source": "SHORTLINK", "type": "OPEN_THREAD"})),
        Start("fair_12-a"),
    ),
    ("a sign", body(item(reaction={"action": "react", "emoji": "❤", "mid": "m_1"})), Reacted("m_1")),
    (
        "corrected words",
        body(item(message_edit={"mid": "m_1", "text": "២៥", "num_edit": 1})),
        Text("២៥", "m_1", edits="m_1"),
    ),
    (
        "staff wrote",
        body(of_page(message={"mid": MID, "is_echo": True, "app_id": INBOX, "text": "x"})),
        WrittenElsewhere(MID),
    ),
    (
        "another app wrote",
        body(of_page(message={"mid": MID, "is_echo": True, "app_id": 5, "metadata": "o12", "text": "x"})),
        WrittenElsewhere(MID),
    ),
    ("staff took the chat", control("take_thread_control", previous_owner_app_id="1"), WrittenElsewhere()),
    ("staff ask for it", control("request_thread_control", requested_owner_app_id=INBOX), WrittenElsewhere()),
    ("we passed it to them", control("pass_thread_control", new_owner_app_id=INBOX), WrittenElsewhere()),
    ("they gave it back", control("pass_thread_control", new_owner_app_id="9007"), LeftToUs()),
    ("an unknown kind", body(item(optin={"ref": "x"})), Unknown("optin")),
    ("a kind of no name", body(item(**{"Optin v2": {}})), Unknown("item")),
]


@pytest.mark.parametrize(("raw", "said"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_an_item_reads_as(raw: dict[str, Any], said: Body) -> None:
    (event,) = read(raw, ACCOUNT, NOW)
    assert isinstance(event, Event)
    assert event.body == said
    assert event.address == Address(ACCOUNT, PSID)
    assert event.at == datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    assert not event.standby


def events(raw: dict[str, Any]) -> list[Event]:
    return [one for one in read(raw, ACCOUNT, NOW) if isinstance(one, Event)]


def test_every_entry_and_item_is_read_oldest_first() -> None:
    raw = body(*(item(SENT + at, message={"mid": f"m_{at}", "text": str(at)}) for at in (30, 10, 20)))
    raw["entry"][0]["messaging"].append(item(SENT + 5, postback={"mid": "m_5", "payload": "c:menu"}))
    raw["entry"][1]["standby"] = [item(SENT + 15, message={"mid": "m_15", "text": "15"})]
    told = events(raw)
    assert [event.id for event in told] == ["m_5", "m_10", "m_15", "m_20", "m_30"]
    assert [event.standby for event in told] == [False, False, True, False, False]


def test_what_has_the_same_time_stays_in_its_order() -> None:
    raw = body(*(item(message={"mid": f"m_{nth}", "text": "x"}) for nth in (3, 1, 2)))
    assert [event.id for event in events(raw)] == ["m_3", "m_1", "m_2"]


def test_several_pictures_are_events_of_their_own_and_one_album() -> None:
    told = events(message(attachments=[attached("image", url=f"{CDN}&n={nth}") for nth in range(3)]))
    assert [event.id for event in told] == [MID, f"{MID}#1", f"{MID}#2"]
    assert {event.body.album for event in told if isinstance(event.body, Media)} == {MID}
    assert len({event.body.ref for event in told if isinstance(event.body, Media)}) == 3


def test_the_same_delivered_again_has_the_same_ids() -> None:
    press = item(postback={"payload": "7:yes", "title": "បាទ"})  # older ones have no id
    link = item(referral={"ref": "x"})
    sign = item(reaction={"action": "react", "mid": "m_1"})
    first, again = events(body(press, link, sign)), events(body(press, link, sign))
    assert [event.id for event in first] == [event.id for event in again]
    assert len({event.id for event in first}) == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (item(postback={"payload": "7:yes"}), item(postback={"payload": "7:no"})),
        (item(postback={"payload": "7:yes"}), item(SENT + 1, postback={"payload": "7:yes"})),
        (item(postback={"payload": "7:yes"}), item(postback={"payload": "7:yes"}) | {"sender": {"id": "8"}}),
        (item(reaction={"mid": "m_1"}), item(reaction={"mid": "m_2"})),
    ],
)
def test_what_has_no_id_of_its_own_is_known_by_person_time_and_payload(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    first, second = events(body(one, other))
    assert first.id != second.id


def test_a_time_that_is_none_is_the_entrys_or_now() -> None:
    timeless = item(message={"mid": MID, "text": "x"})
    del timeless["timestamp"]
    raw = body(timeless)
    assert events(raw)[0].at == datetime(2026, 11, 22, 2, tzinfo=UTC) + timedelta(milliseconds=5)
    raw["entry"][0]["time"] = 10**18
    assert events(raw)[0].at == NOW


@pytest.mark.parametrize(
    "raw",
    [
        body(item(message={"mid": MID, "text": "x"}), page="100"),  # another Page's
        body(item(message={"mid": MID, "text": "x"}) | {"recipient": {"id": "100"}}),
        body(item(message={"mid": MID, "text": "x"}) | {"sender": {"id": "7001; drop"}}),
        body(item(message={"mid": MID, "text": "x"}) | {"sender": {"id": "7" * 33}}),
        body(item(message={"mid": MID, "text": "x"}) | {"sender": {"id": "៧"}}),
        body({"recipient": {"id": PAGE}, "timestamp": SENT, "app_roles": {"9007": ["primary"]}}),
        body(item(reaction={"action": "unreact", "mid": "m_1"})),
        body(of_page(postback={"payload": "c:menu"})),
        {"object": "page", "entry": []},
        {"object": "page", "entry": [{"id": PAGE, "time": SENT}]},
        {"object": "page", "entry": [{"id": PAGE, "changes": [{"field": "feed", "value": {}}]}]},
    ],
)
def test_what_is_not_between_one_person_and_this_page_says_nothing(raw: dict[str, Any]) -> None:
    assert read(raw, ACCOUNT, NOW) == ()
