import asyncio
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.webchat.channel import WebChat
from tests.web.conftest import Clock, Place, serve, site
from tests.web.memory import MONDAY, Memory

ID = "0123456789abcdef"
EXTERNAL = "a" * 64
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
KINDS = st.sampled_from(["text", "tap", "media", "start", "command", "shout"])
POSTED = st.fixed_dictionaries(
    {},
    optional={
        "id": st.just(ID) | JSON,
        "kind": KINDS | JSON,
        "text": st.text(max_size=50) | JSON,
        "payload": st.just("1:yes") | JSON,
        "message": st.just("4") | JSON,
        "name": st.just("menu") | JSON,
        "argument": JSON,
        "language": JSON,
        "media": st.just("voice") | JSON,
        "mime": st.just("audio/ogg") | JSON,
        "size": JSON,
        "seconds": JSON,
    },
)


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"id": ID},
        {"id": "short", "kind": "text", "text": "ក"},
        {"id": ID + "'", "kind": "text", "text": "ក"},
        {"id": ID, "kind": "text"},
        {"id": ID, "kind": "text", "text": " \x00 "},
        {"id": ID, "kind": "text", "text": "ក" * 4097},
        {"id": ID, "kind": "tap", "payload": "ក"},
        {"id": ID, "kind": "tap", "payload": "1:" + "x" * 63},
        {"id": ID, "kind": "tap", "payload": "1:yes", "message": "-1"},
        {"id": ID, "kind": "tap", "payload": "1:yes", "message": 5},
        {"id": ID, "kind": "command", "name": "Menu"},
        {"id": ID, "kind": "start", "payload": "a b"},
        {"id": ID, "kind": "media", "media": "voice", "mime": "audio/ogg", "size": 3},
        {"id": ID, "kind": ["text"], "text": "ក"},
    ],
)
async def test_a_post_of_the_wrong_shape_gets_400(place: Place, posted: dict[str, object]) -> None:
    answer = await place.client.post("/chat/api/send", json=posted, headers=await place.token())
    assert (answer.status, await answer.json()) == (400, {"error": "web.error.bad"})
    assert place.memory.events == []


@pytest.mark.parametrize("body", [b"", b"null", b"[1]", b"{", b'{"id": "\\ud800"}', b"\xff\xfe"])
async def test_what_is_no_json_object_gets_400(place: Place, body: bytes) -> None:
    assert (await place.client.post("/chat/api/send", data=body, headers=await place.token())).status == 400


async def test_a_post_over_its_cap_gets_413(place: Place) -> None:
    answer = await place.client.post("/chat/api/send", data=b" " * 40_000, headers=await place.token())
    assert (answer.status, await answer.json()) == (413, {"error": "web.error.too-big"})


async def test_the_longest_khmer_text_passes_even_escaped(place: Place) -> None:
    body = json.dumps({"id": ID, "kind": "text", "text": "ក" * 4096})
    assert (await place.client.post("/chat/api/send", data=body, headers=await place.token())).status == 200


async def test_the_page_cannot_choose_its_address(place: Place) -> None:
    posted = {"id": ID, "kind": "text", "text": "ក", "external": EXTERNAL, "event": {"kind": "start"}}
    await place.client.post("/chat/api/send", json=posted, headers=await place.token())
    assert place.memory.events[0].address.external != EXTERNAL


@settings(max_examples=300, deadline=None)
@given(POSTED | JSON)
def test_reading_answers_with_an_event_or_a_value_error(posted: object) -> None:
    try:
        events = WebChat().read({"external": EXTERNAL, "event": posted}, MONDAY)
    except ValueError:
        return
    assert [event.address.external for event in events] == [EXTERNAL]


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300) | POSTED.map(lambda posted: json.dumps(posted).encode()))
def test_junk_never_breaks_the_chat(body: bytes) -> None:
    async def post() -> set[int]:
        memory, clock = Memory(), Clock()
        async with serve(site(memory, clock), memory, clock) as place:
            me = await place.token()
            send = await place.client.post("/chat/api/send", data=body, headers=me)
            upload = await place.client.post(f"/chat/api/upload?id={ID}", data=body, headers=me)
            return {send.status, upload.status}

    assert asyncio.run(post()) <= {200, 400, 415}
