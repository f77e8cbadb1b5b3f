"""Recorded speech for the page: named in the conversation, fetched without a token, and nothing else."""

import pytest
from aiohttp import ClientResponse
from yarl import URL

from bot.core.channel import Document, Part, PartButton
from bot.core.events import Event
from bot.runner.chat import File
from tests.web.conftest import Place
from tests.web.memory import Person

RELEASE = "0123456789abcdef" * 4
PATH = "locales/km/voice/intake.age.ogg"
ADDRESS = f"/chat/speech/{RELEASE}/km/intake.age.ogg"
SOUND = b"OggS" + bytes(range(100))


@pytest.fixture
def recorded(place: Place) -> Place:
    place.memory.recordings[RELEASE, PATH] = SOUND
    place.memory.recordings[RELEASE, "dialogs/intake.toml"] = b"secret"
    return place


async def fetch(place: Place, address: str, **headers: str) -> ClientResponse:
    """As written: nothing is put in order before it is sent."""
    return await place.client.get(URL(address, encoded=True), headers=headers)


async def test_the_conversation_names_where_a_recording_is(place: Place) -> None:
    def speak(_event: Event, _person: Person) -> list[Part]:
        return [Part("", document=Document(0, "intake.age.ogg", "audio/ogg", RELEASE, PATH))]

    place.memory.answer = speak
    me = await place.token()
    event = {"id": "aaaaaaaaaaaaaaaaaaaaaa", "kind": "text", "text": "ក"}
    assert (await place.client.post("/chat/api/send", json=event, headers=me)).status == 200
    told = await (await place.client.get("/chat/api/events?after=0", headers=me)).json()
    assert told["lines"][-1]["audio"] == ADDRESS
    assert "document" not in told["lines"][-1]


async def test_a_recording_is_for_everybody_and_kept_by_browsers(recorded: Place) -> None:
    answer = await fetch(recorded, ADDRESS)
    assert (answer.status, await answer.read()) == (200, SOUND)
    assert answer.headers["Content-Type"] == "audio/ogg"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    ("wanted", "told", "sound"),
    [
        ("bytes=0-1", "bytes 0-1/104", SOUND[:2]),
        ("bytes=100-", "bytes 100-103/104", SOUND[100:]),
        ("bytes=-4", "bytes 100-103/104", SOUND[100:]),
        ("bytes=0-999", "bytes 0-103/104", SOUND),
    ],
)
async def test_a_piece_of_it_can_be_had(recorded: Place, wanted: str, told: str, sound: bytes) -> None:
    answer = await fetch(recorded, ADDRESS, Range=wanted)
    assert (answer.status, answer.headers["Content-Range"]) == (206, told)
    assert await answer.read() == sound


@pytest.mark.parametrize("wanted", ["bytes=104-", "bytes=5-3", "lines=1-2", "bytes=a-b"])
async def test_a_piece_that_it_does_not_have_is_refused(recorded: Place, wanted: str) -> None:
    answer = await fetch(recorded, ADDRESS, Range=wanted)
    assert (answer.status, await answer.json()) == (416, {"error": "web.error.bad"})


@pytest.mark.parametrize(
    "address",
    [
        f"/chat/speech/{'f' * 64}/km/intake.age.ogg",
        f"/chat/speech/{RELEASE}/en/intake.age.ogg",
        f"/chat/speech/{RELEASE}/fr/intake.age.ogg",
        f"/chat/speech/{RELEASE}/km/intake.ogg",
        f"/chat/speech/{RELEASE}/km/intake.age",
        f"/chat/speech/{RELEASE.upper()}/km/intake.age.ogg",
        f"/chat/speech/{RELEASE}/km/../../../dialogs/intake.toml",
        f"/chat/speech/{RELEASE}/km/..%2f..%2f..%2fdialogs%2fintake.toml",
        f"/chat/speech/{RELEASE}/km/..%2fvoice%2fintake.age.ogg",
        f"/chat/speech/{RELEASE}/km/%2e%2e.age.ogg",
        f"/chat/speech/{RELEASE}/km/intake.age.ogg%00",
        f"/chat/speech/{RELEASE}/km/intake{'.a' * 9}.ogg",
    ],
)
async def test_nothing_else_is_served(recorded: Place, address: str) -> None:
    answer = await fetch(recorded, address)
    assert (answer.status, await answer.json()) == (404, {"error": "web.error.nothing-here"})
    assert answer.headers["Cache-Control"] == "no-store"


async def test_a_picture_of_ours_is_named_and_fetched_by_its_bytes(place: Place) -> None:
    content = "ab" * 32
    place.memory.enclosures[content] = File("abab.png", "image/png", b"\x89PNG and more")

    def show(_event: Event, _person: Person) -> list[Part]:
        picture = Part("", document=Document(0, "abab.png", "image/png", content=content))
        voice = Part("", document=Document(0, "cd.ogg", "audio/ogg", content="cd" * 32))
        site = PartButton("គេហទំព័រ", "", "https://spean.test/")
        return [picture, voice, Part("ក", ((PartButton("ខ", "7:1"), site),))]

    place.memory.answer = show
    me = await place.token()
    event = {"id": "aaaaaaaaaaaaaaaaaaaaaa", "kind": "text", "text": "ក"}
    assert (await place.client.post("/chat/api/send", json=event, headers=me)).status == 200
    told = await (await place.client.get("/chat/api/events?after=0", headers=me)).json()
    assert told["lines"][-3]["picture"] == f"/chat/enclosure/{content}"
    assert told["lines"][-2]["audio"] == f"/chat/enclosure/{'cd' * 32}"
    assert told["lines"][-1]["rows"] == [[["ខ", "7:1"], ["គេហទំព័រ", "", "https://spean.test/"]]]
    answer = await fetch(place, f"/chat/enclosure/{content}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/png")
    assert await answer.read() == b"\x89PNG and more"
    assert (await fetch(place, f"/chat/enclosure/{'0' * 64}")).status == 404
    assert (await fetch(place, "/chat/enclosure/../x")).status == 404
