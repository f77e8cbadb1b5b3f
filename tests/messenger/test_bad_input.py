"""What anybody could post to a whole Spean: refused or ignored, and nothing is kept or said twice."""

import asyncio
import json
import time
from typing import Any

import aiohttp
import pytest

from bot.web.webhooks import BODY_MAX
from tests.fakes.graph.hooks import encode, sign
from tests.messenger.house import House
from tests.messenger.payloads import MID, attached, body, item, of_page, ruled

HER, STRANGER = "7001700170017001", "7001700170017099"
WORDS = "ខ្ញុំមកពីថៃ https://x.kh/a"


def of(psid: str, **content: object) -> dict[str, Any]:
    """Written just now: an answer is free for a day after it."""
    return {**item(round(time.time() * 1000), **content), "sender": {"id": psid}}


async def untouched(house: House) -> None:
    """Nobody is known, nothing was kept and nothing said."""
    await house.calm()
    assert (await house.taken(), await house.states()) == (0, [])
    assert house.fake.sent() == []


async def test_only_the_platform_may_post(house: House) -> None:
    raw = encode(body(of(STRANGER, message={"mid": MID, "text": WORDS})))
    for signature in ("", "sha256=", sign("another secret", raw), sign(house.fake.app_secret, raw + b" ")):
        assert await house.post(raw, signature) == 403
    assert await house.post(b"{ no json", sign("another secret", b"{ no json")) == 403, "before it is parsed"
    await untouched(house)


async def test_a_khmer_body_that_was_written_anew_is_another_body(house: House) -> None:
    form = body(of(STRANGER, message={"mid": MID, "text": WORDS}))
    raw = encode(form)
    again = json.dumps(form, ensure_ascii=False, separators=(",", ":")).encode()
    assert json.loads(again) == json.loads(raw)
    assert await house.post(again, sign(house.fake.app_secret, raw)) == 403
    await untouched(house)


async def test_a_body_of_more_than_a_megabyte_is_refused(house: House) -> None:
    form = body(of(STRANGER, message={"mid": MID, "text": "x" * BODY_MAX}))
    assert await house.posted(form) == 413
    assert await house.post(b"[" * (BODY_MAX + 1)) == 413
    await untouched(house)


NO_BODIES = {
    "nothing": b"",
    "half": b"{ no json",
    "no letters": b"\xff\xfe",
    "list": b"[]",
    "number": b"7",
    "person": b'{"object":"user","entry":[]}',
    "empty": b'{"object":"page"}',
    "entries": b'{"object":"page","entry":[7]}',
    "deep list": b"[" * 100_000,
    "deep object": b'{"a":' * 50_000,
}


@pytest.mark.parametrize("raw", NO_BODIES.values(), ids=NO_BODIES)
async def test_what_the_platform_never_writes_is_no_body(house: House, raw: bytes) -> None:
    assert await house.post(raw) == 400
    await untouched(house)


@pytest.mark.parametrize(
    "form",
    [
        body(of(STRANGER, message={"mid": MID, "text": WORDS}), page="999"),
        body({**of(STRANGER, message={"mid": MID, "text": WORDS}), "recipient": {"id": "999"}}),
        {"object": "page", "entry": [{"id": "999", "time": 1, "changes": [{"field": "feed", "value": {}}]}]},
        {**ruled("APPROVED"), "entry": [{**ruled("APPROVED")["entry"][0], "id": "999"}]},
    ],
    ids=["entry", "recipient", "feed", "template"],
)
async def test_what_is_of_another_page_is_acknowledged_and_nothing_to_us(
    house: House, form: dict[str, Any]
) -> None:
    assert await house.posted(form) == 200
    await untouched(house)


@pytest.mark.parametrize(
    "content",
    [
        {"optin": {"type": "notification_messages", "payload": "x"}},
        {"policy_enforcement": {"action": "warning", "reason": "x"}},
        {"account_linking": {"status": "linked", "authorization_code": "x"}},
        {"kind_of_next_year": {"a": [1, {"b": None}]}},
        {"message": 7},
        {"message": {"mid": 7, "text": ["x"]}},
        {"postback": {"payload": {"a": 1}}},
        {"delivery": {"watermark": "soon"}},
        {"reaction": {"action": "unreact", "mid": MID}},
        {},
    ],
    ids=lambda content: next(iter(content), "nothing"),
)
async def test_a_kind_of_event_that_nobody_knows_is_acknowledged_and_not_answered(
    house: House, content: dict[str, Any]
) -> None:
    person = await house.comes(HER)
    before, form = len(person.messages), body(of(HER, **content))
    for _ in range(2):
        assert await house.posted(form) == 200
    await house.calm()
    assert await house.taken() <= 2, "once, if at all"
    said = [got.text for got in person.messages[before:]]
    assert len(said) <= ("message" in content), "only a message is answered, as one that we cannot read"
    assert await house.flag(person, "reachable")
    assert not await house.flag(person, "paused")


@pytest.mark.parametrize(
    "broken",
    [
        {"timestamp": "yesterday"},
        {"timestamp": -5},
        {"timestamp": 9e99},
        {"sender": {"id": 7}},
        {"sender": {"id": "../../etc"}},
        {"sender": None},
    ],
    ids=str,
)
async def test_a_broken_item_takes_no_other_with_it(house: House, broken: dict[str, Any]) -> None:
    bad = {**of(STRANGER, message={"mid": "m_bad", "text": WORDS}), **broken}
    good = of(HER, message={"mid": "m_good", "text": "សួស្តី"})
    house.fake.person(HER).met()
    house.fake.person(STRANGER).met()
    assert await house.posted(body(bad, good)) == 200
    await house.calm()
    assert len(house.fake.person(HER).messages) == 1


async def test_files_with_broken_addresses_are_never_fetched(house: House) -> None:
    person = await house.comes(HER)
    for nth, url in enumerate(("file:///etc/passwd", "http://169.254.169.254/x", "x" * 5000, 7, None)):
        sent = {"mid": f"m_{nth}", "attachments": [attached("audio", url=url)]}
        assert await house.posted(body(of(HER, message=sent))) == 200
    await house.spean.tick()
    await house.spean.agenda.downloads.idle()
    assert house.fake.downloads == []
    assert await house.flag(person, "reachable")


async def test_a_whole_chat_that_is_posted_again_changes_nothing(house: House) -> None:
    person = await house.comes(HER)
    await person.press("ភាសាខ្មែរ")
    await house.calm()
    await person.voice()
    await person.react()
    await person.staff_write("ខ្ញុំឆ្លើយពីទីនេះ")
    await house.calm()
    taken, states, heard = await house.taken(), await house.states(), len(person.messages)
    for post in tuple(house.fake.hooks.posts):
        assert await house.post(post.raw) == 200
    for post in reversed(tuple(house.fake.hooks.posts)):
        assert await house.post(post.raw) == 200
    await house.calm()
    assert (await house.taken(), await house.states(), len(person.messages)) == (taken, states, heard)
    assert set(states) == {"sent"}


async def test_the_same_body_ten_times_at_once_is_one_event(house: House) -> None:
    house.fake.person(HER).met()
    raw = encode(body(of(HER, message={"mid": MID, "text": "សួស្តី"})))
    assert await asyncio.gather(*(house.post(raw) for _ in range(10))) == [200] * 10
    await house.calm()
    assert (await house.taken(), len(house.fake.person(HER).messages)) == (1, 1)


async def test_nobody_else_learns_the_challenge_and_no_echo_comes_from_strangers(house: House) -> None:
    asks = {"hub.mode": "subscribe", "hub.verify_token": "planted-verify-tokem", "hub.challenge": "77"}
    async with (
        aiohttp.ClientSession() as session,
        session.get(house.fake.webhook, params=asks) as answer,
    ):
        assert (answer.status, "77" in await answer.text()) == (403, False)
    echo = of_page(message={"mid": MID, "is_echo": True, "metadata": "spean:o1"})
    assert await house.post(encode(body(echo)), "sha256=" + "0" * 64) == 403
    await untouched(house)
