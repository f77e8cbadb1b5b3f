import asyncio
from ipaddress import ip_network

import pytest

from bot.core.channel import Document, Part, PartButton
from bot.core.events import Command, Event, Start, Tap, Text
from bot.runner.chat import File
from tests.web.conftest import Clock, Place, serve, site
from tests.web.memory import MONDAY, Memory, Person

ID = "0123456789abcdef"


def text(words: str, page_id: str = ID) -> dict[str, str]:
    return {"id": page_id, "kind": "text", "text": words}


def echo(event: Event, _person: Person) -> list[Part]:
    body = event.body
    return [Part(body.text, rows=((PartButton("បាទ", "1:yes"),),))] if isinstance(body, Text) else []


async def test_a_browser_gets_a_token_sends_and_pulls_the_answer(place: Place) -> None:
    place.memory.answer = echo
    me = await place.token()
    sent = await place.client.post("/chat/api/send", json=text("សួស្តី"), headers=me)
    assert (sent.status, await sent.json()) == (200, {"ok": True})
    pulled = await (await place.client.get("/chat/api/events?after=0", headers=me)).json()
    assert pulled["language"] is None  # nothing chosen yet
    assert [(line["seq"], line["text"], line["rows"]) for line in pulled["lines"]] == [
        (1, "សួស្តី", [[["បាទ", "1:yes"]]])
    ]


async def test_a_command_that_is_typed_is_one(place: Place) -> None:
    me = await place.token()
    for nth, words in enumerate(("/fair", "/stop fairs", "/start", "/1")):
        await place.client.post("/chat/api/send", json=text(words, f"{ID}{nth}"), headers=me)
    assert [event.body for event in place.memory.events] == [
        Command("fair", message=f"{ID}0"),
        Command("stop", "fairs", f"{ID}1"),
        Start(message=f"{ID}2"),
        Text("/1", f"{ID}3"),
    ]
    told = await (await place.client.get("/chat/api/history", headers=me)).json()
    assert [one["text"] for one in told["lines"]] == ["/fair", "/stop fairs", "/1"]


async def test_a_lost_answer_is_given_again_until_the_page_says_it_has_it(place: Place) -> None:
    place.memory.answer = echo
    me = await place.token()
    await place.client.post("/chat/api/send", json=text("ក"), headers=me)
    for after, expected in ((0, 1), (0, 1), (1, 0)):
        answer = await place.client.get(f"/chat/api/events?wait=0&after={after}", headers=me)
        assert len((await answer.json())["lines"]) == expected


async def test_a_waiting_poll_is_answered_as_soon_as_there_is_something(place: Place) -> None:
    place.memory.answer = echo
    me = await place.token()
    poll = asyncio.ensure_future(place.client.get("/chat/api/events?after=0", headers=me))
    await place.memory.polls.get()
    await place.client.post("/chat/api/send", json=text("ក"), headers=me)
    async with asyncio.timeout(5):
        assert len((await (await poll).json())["lines"]) == 1


async def test_closing_the_server_releases_waiting_polls() -> None:
    memory, clock = Memory(), Clock()
    async with asyncio.timeout(5):
        async with serve(site(memory, clock), memory, clock) as place:
            me = await place.token()
            poll = asyncio.ensure_future(place.client.get("/chat/api/events?after=0", headers=me))
            await place.memory.polls.get()
        await asyncio.gather(poll, return_exceptions=True)


async def test_the_same_id_twice_is_one_event(place: Place) -> None:
    me = await place.token()
    for _ in range(2):
        assert (await place.client.post("/chat/api/send", json=text("ក"), headers=me)).status == 200
    assert len(place.memory.events) == 1


async def test_the_same_id_from_two_browsers_is_two_events(place: Place) -> None:
    for me in (await place.token(), await place.token()):
        await place.client.post("/chat/api/send", json=text("ក"), headers=me)
    assert len({event.id for event in place.memory.events}) == 2


async def test_every_kind_becomes_its_event(place: Place) -> None:
    me = await place.token()
    start = {"id": ID + "1", "kind": "start", "payload": "fair_22", "language": "en"}
    tap = {"id": ID + "2", "kind": "tap", "payload": "12:yes", "message": "5"}
    for event in (start, tap):
        assert (await place.client.post("/chat/api/send", json=event, headers=me)).status == 200
    assert [event.body for event in place.memory.events] == [Start("fair_22", "en"), Tap("12:yes", "5")]


async def test_history_redraws_both_sides(place: Place) -> None:
    place.memory.answer = echo
    me = await place.token()
    await place.client.post("/chat/api/send", json=text("ក"), headers=me)
    told = await (await place.client.get("/chat/api/history", headers=me)).json()
    assert [(line["who"], line["seq"], line["text"]) for line in told["lines"]] == [
        ("person", 0, "ក"),
        ("bot", 1, "ក"),
    ]
    assert told["lines"][0]["id"] == ID


async def test_nobody_known_has_no_language(place: Place) -> None:
    told = await (await place.client.get("/chat/api/history", headers=await place.token())).json()
    assert told == {"language": None, "staff": False, "since": 0, "lines": []}


@pytest.mark.parametrize(
    "token", ["", "Bearer", "Bearer x", "Basic " + "A" * 64, "Bearer " + "A" * 64, "Bearer " + "ក" * 3]
)
async def test_an_invented_token_opens_nothing(place: Place, token: str) -> None:
    headers = {"Authorization": token.encode().decode("latin-1")} if token else {}
    for method, path in (
        ("POST", "send"),
        ("POST", "upload"),
        ("GET", "events"),
        ("GET", "history"),
        ("GET", "file/1"),
    ):
        answer = await place.client.request(method, f"/chat/api/{path}", headers=headers)
        assert (answer.status, await answer.json()) == (401, {"error": "web.error.token"})


async def test_a_document_is_only_for_whom_it_was_said_to(place: Place) -> None:
    def hand_over(_event: Event, person: Person) -> list[Part]:
        person.files[9] = File("ទិន្នន័យ.html", "text/html", b"<p>mine</p>")
        return [Part("", document=Document(9, "ទិន្នន័យ.html", "text/html"))]

    place.memory.answer = hand_over
    me, other = await place.token(), await place.token()
    await place.client.post("/chat/api/send", json=text("ក"), headers=me)
    mine = await place.client.get("/chat/api/file/9", headers=me)
    assert (mine.status, await mine.read()) == (200, b"<p>mine</p>")
    assert mine.headers["Content-Disposition"].startswith("attachment;")
    assert (await place.client.get("/chat/api/file/9", headers=other)).status == 404
    assert (await place.client.get("/chat/api/file/../9", headers=me)).status == 404


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "after=១", "after=99999999999999999", "wait=1e3", "after="]
)
async def test_a_poll_with_odd_numbers_is_refused(place: Place, query: str) -> None:
    assert (await place.client.get(f"/chat/api/events?{query}", headers=await place.token())).status == 400


async def test_while_the_store_is_down_the_page_is_told_to_wait(place: Place) -> None:
    me = await place.token()
    place.memory.down = True
    for answer in (
        await place.client.post("/chat/api/send", json=text("ក"), headers=me),
        await place.client.get("/chat/api/events", headers=me),
        await place.client.get("/chat/api/history", headers=me),
    ):
        assert (answer.status, await answer.json()) == (503, {"error": "web.error.store"})


async def test_a_token_may_send_sixty_a_minute(place: Place) -> None:
    me, other = await place.token(), await place.token()
    statuses = [
        (await place.client.post("/chat/api/send", json=text("ក", f"{ID}{number}"), headers=me)).status
        for number in range(61)
    ]
    assert statuses == [200] * 60 + [429]
    assert (await place.client.post("/chat/api/send", json=text("ក"), headers=other)).status == 200
    place.clock.time += 1.1
    assert (await place.client.post("/chat/api/send", json=text("ក", ID + "x"), headers=me)).status == 200


async def test_an_address_may_open_thirty_chats_in_ten_minutes(place: Place) -> None:
    statuses = [(await place.client.post("/chat/api/session")).status for _ in range(31)]
    assert statuses == [201] * 30 + [429]
    place.clock.time += 21
    assert (await place.client.post("/chat/api/session")).status == 201


@pytest.mark.parametrize(("proxies", "expected"), [((), 429), ((ip_network("127.0.0.0/8"),), 201)])
async def test_a_forwarded_address_counts_only_behind_a_trusted_proxy(proxies: tuple, expected: int) -> None:
    memory, clock = Memory(), Clock()
    async with serve(site(memory, clock, proxies), memory, clock) as place:
        for _ in range(30):
            await place.client.post("/chat/api/session", headers={"X-Forwarded-For": "203.0.113.5"})
        answer = await place.client.post("/chat/api/session", headers={"X-Forwarded-For": "203.0.113.6"})
        assert answer.status == expected


async def test_too_many_open_polls_of_one_token_are_refused(place: Place) -> None:
    me = await place.token()
    await place.client.post("/chat/api/send", json=text("ក"), headers=me)
    (person,) = place.memory.people.values()
    later = "/chat/api/events?after=9"
    polls = [asyncio.ensure_future(place.client.get(later, headers=me)) for _ in range(6)]
    for _ in polls:
        await place.memory.polls.get()
    assert (await place.client.get("/chat/api/events", headers=me)).status == 429
    for _ in range(10):
        person.say(Part("ខ"), MONDAY)
    for external in place.memory.wakes:
        place.memory.wake(external)
    async with asyncio.timeout(5):
        assert [(await poll).status for poll in polls] == [200] * 6


async def test_a_long_pause_says_nothing_and_is_no_error(place: Place) -> None:
    answer = await place.client.get("/chat/api/events?wait=0", headers=await place.token())
    assert (answer.status, (await answer.json())["lines"]) == (200, [])


async def test_staff_words_and_state_reach_the_page(place: Place) -> None:
    me = await place.token()
    await place.client.post("/chat/api/send", json=text("ក"), headers=me)
    (person,) = place.memory.people.values()
    person.with_staff = True
    person.say(Part("បងឈ្មោះ ដារ៉ា"), MONDAY, who="staff")
    told = await (await place.client.get("/chat/api/events?wait=0", headers=me)).json()
    assert (told["staff"], told["lines"][0]["who"]) == (True, "staff")
