import io

import pytest

from bot.core.events import Media
from bot.web.chat import UPLOAD_MAX
from tests.web.conftest import Place

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


@pytest.mark.parametrize("query", ["", "?id=x", "?id=0123456789&seconds=x", "?id=0123456789&seconds=4000"])
async def test_an_upload_without_a_good_id_or_length_gets_400(place: Place, query: str) -> None:
    answer = await place.client.post(
        f"/chat/api/upload{query}", data=GOOD["voice audio/ogg"], headers=await place.token()
    )
    assert answer.status == 400
