import io
from ipaddress import ip_network

import pytest

from bot.core.events import Media
from bot.web.budget import Room, Upload, UploadBudget
from bot.web.chat import UPLOAD_MAX
from tests.web.conftest import Clock, Place, serve, site
from tests.web.memory import Memory

GOOD = {
    "voice audio/ogg": b"OggS\x00\x02" + b"\x00" * 40,
    "voice audio/webm": b"\x1a\x45\xdf\xa3" + b"\x00" * 40,
    "voice audio/mp4": b"\x00\x00\x00\x20ftypM4A " + b"\x00" * 40,
    "voice audio/mpeg": b"ID3\x04" + b"\x00" * 40,
    "voice audio/wav": b"RIFF\x24\x00\x00\x00WAVEfmt ",
    "voice audio/amr": b"#!AMR\n" + b"\x00" * 40,
    "voice audio/aac": b"\xff\xf1\x50\x80" + b"\x00" * 40,
    "image image/jpeg": b"\xff\xd8\xff\xe0" + b"\x00" * 40,
    "image image/png": b"\x89PNG\r\n\x1a\n" + b"\x00" * 40,
}
BARE_MP3 = b"\xff\xfb\x90\x64" + b"\x00" * 40
BAD = [
    b"",
    b"MZ\x90",
    b"PK\x03\x04",
    b"<html>",
    b"%PDF-1.7",
    b"GIF89a",
    b"RIFF\x24\x00\x00\x00AVI ",
    b"\xff\xff\xff\xff",
    b"\xff",
]
PATH = "/chat/api/upload?id=0123456789abcdef&seconds=12"


@pytest.mark.parametrize("expected", GOOD)
async def test_what_the_bytes_say_is_what_it_is(place: Place, expected: str) -> None:
    answer = await place.client.post(PATH, data=GOOD[expected], headers=await place.token())
    assert answer.status == 200
    body = place.memory.events[0].body
    assert isinstance(body, Media)
    assert (f"{body.kind} {body.mime}", body.size, body.seconds) == (expected, len(GOOD[expected]), 12)
    assert place.memory.media == [GOOD[expected]]
    assert body.ref.startswith("webchat:")


async def test_an_mp3_without_a_tag_is_known_by_its_first_frame(place: Place) -> None:
    assert (await place.client.post(PATH, data=BARE_MP3, headers=await place.token())).status == 200


@pytest.mark.parametrize("body", BAD)
async def test_anything_else_is_kindly_refused_whatever_it_calls_itself(place: Place, body: bytes) -> None:
    headers = {**await place.token(), "Content-Type": "audio/ogg"}
    answer = await place.client.post(PATH, data=body, headers=headers)
    assert (answer.status, await answer.json()) == (415, {"error": "web.error.kind"})
    assert place.memory.events == []


async def test_ten_megabytes_is_the_most(place: Place) -> None:
    me = await place.token()
    most = GOOD["voice audio/ogg"].ljust(UPLOAD_MAX, b"\x00")
    assert (await place.client.post(PATH, data=io.BytesIO(most), headers=me)).status == 200
    assert (await place.client.post(PATH, data=io.BytesIO(most + b"\x00"), headers=me)).status == 413


async def test_twenty_a_day(place: Place) -> None:
    me = await place.token()
    statuses = []
    for number in range(21):
        path = f"/chat/api/upload?id=0123456789{number}"
        answer = await place.client.post(path, data=GOOD["voice audio/ogg"], headers=me)
        statuses.append(answer.status)
    assert statuses == [200] * 20 + [429]
    assert (await answer.json()) == {"error": "web.error.uploads"}
    assert (await place.client.post(PATH, data=b"junk", headers=me)).status == 429


PROXY = (ip_network("127.0.0.0/8"),)


async def upload(place: Place, client: str, number: int, size: int = 1000) -> int:
    """The status of one upload from a browser nobody knows, behind a network address."""
    headers = {**await place.token(), "X-Forwarded-For": client}
    body = GOOD["voice audio/ogg"].ljust(size, b"\x00")
    path = f"/chat/api/upload?id=0123456789{number}"
    answer = await place.client.post(path, data=body, headers=headers)
    assert answer.status == 200 or (await answer.json()) == {"error": "web.error.uploads"}
    return answer.status


async def test_new_tokens_do_not_give_a_network_address_more_room() -> None:
    memory, clock = Memory(), Clock()
    made = site(memory, clock, PROXY, Room(bytes_of_one_address=3000))
    async with serve(made, memory, clock) as place:
        assert [await upload(place, "203.0.113.5", n) for n in range(4)] == [200] * 3 + [429]
        assert await upload(place, "203.0.113.6", 4) == 200
        clock.time += 86_400 / 3
        assert [await upload(place, "203.0.113.5", n) for n in (5, 6)] == [200, 429]
    assert len(memory.media) == 5


async def test_new_network_addresses_do_not_give_the_site_more_room() -> None:
    memory, clock = Memory(), Clock()
    async with serve(site(memory, clock, PROXY, Room(bytes_of_all=3000)), memory, clock) as place:
        statuses = [await upload(place, f"203.0.113.{n}", n) for n in range(4)]
        assert statuses == [200] * 3 + [429]
        text = {"id": "0123456789text", "kind": "text", "text": "ក"}
        sent = await place.client.post("/chat/api/send", json=text, headers=await place.token())
        assert sent.status == 200  # words are still taken


async def test_a_file_that_was_not_kept_takes_no_room() -> None:
    memory, clock = Memory(), Clock()
    async with serve(site(memory, clock, (), Room(files=1)), memory, clock) as place:
        me = await place.token()
        memory.down = True
        for _ in range(3):
            answer = await place.client.post(PATH, data=GOOD["voice audio/ogg"], headers=me)
            assert answer.status == 503
        memory.down = False
        assert (await place.client.post(PATH, data=GOOD["voice audio/ogg"], headers=me)).status == 200
        assert (await place.client.post(PATH, data=GOOD["voice audio/ogg"], headers=me)).status == 429


def test_whoever_invents_tokens_and_addresses_fills_two_gigabytes_and_then_two_a_day() -> None:
    clock = Clock()
    budget = UploadBudget(Room(), clock)

    def kept(addresses: int) -> int:
        files = [Upload(f"{a}/{n}", str(a), UPLOAD_MAX) for a in range(addresses) for n in range(600)]
        return sum(one.size for one in files if not budget.take(one))

    assert kept(1) == 200 * 1024**2
    assert kept(30) <= 2 * 1024**3
    clock.time += 86_400
    assert kept(30) <= 2 * 1024**3


@pytest.mark.parametrize("query", ["", "?id=x", "?id=0123456789&seconds=x", "?id=0123456789&seconds=4000"])
async def test_an_upload_without_a_good_id_or_length_gets_400(place: Place, query: str) -> None:
    answer = await place.client.post(
        f"/chat/api/upload{query}", data=GOOD["voice audio/ogg"], headers=await place.token()
    )
    assert answer.status == 400
