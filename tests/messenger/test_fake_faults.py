"""What goes wrong on purpose, the Page's profile, and the fake as a process of its own."""

import asyncio
import sys
from typing import Any

import aiohttp
import pytest

from tests.fakes.graph import methods
from tests.fakes.graph.api import FakeGraph
from tests.fakes.graph.faults import ERRORS, Kind
from tests.fakes.graph.person import FakePerson
from tests.messenger.asking import ask, free

Json = dict[str, Any]


@pytest.mark.parametrize("name", sorted(ERRORS))
async def test_every_named_fault_hits_once_and_only_its_person(
    fake: FakeGraph, person: FakePerson, name: str
) -> None:
    other = fake.person("7002")
    other.met()
    fake.fault(name=name, person="7002")
    assert (await ask(fake, "messages", free(person.psid))).status == 200
    told = await ask(fake, "messages", free("7002"))
    assert (told.status, *told.error) == ERRORS[name][:3]
    assert other.messages == []
    assert (await ask(fake, "messages", free("7002"))).status == 200


@pytest.mark.parametrize(
    ("kind", "arrived", "trouble"),
    [
        ("lost", 1, TimeoutError),
        ("cut", 1, aiohttp.ServerDisconnectedError),
        ("hang", 0, TimeoutError),
        ("shut", 0, aiohttp.ServerDisconnectedError),
        ("nonsense", 1, aiohttp.ContentTypeError),
    ],
)
async def test_an_answer_is_lost_with_or_without_the_message(
    fake: FakeGraph, person: FakePerson, kind: Kind, arrived: int, trouble: type[Exception]
) -> None:
    fake.fault(kind, edge="messages")
    with pytest.raises(trouble):
        async with asyncio.timeout(0.5):
            await ask(fake, "messages", free())
    assert len(person.messages) == arrived
    assert fake.calls[0].status == 0
    assert (await ask(fake, "messages", free())).status == 200


async def test_throttling_tells_the_load_in_its_headers(fake: FakeGraph, person: FakePerson) -> None:
    fake.fault(status=429, headers={"Retry-After": "7"})
    fake.fault(status=502, html=True)
    form = free(person.psid) | {"access_token": fake.page_token, "appsecret_proof": fake.proof}
    at = f"{fake.base}/v26.0/{fake.page_id}/messages"
    async with aiohttp.ClientSession() as session:
        async with session.post(at, json=form) as told:
            assert (told.status, told.headers["Retry-After"]) == (429, "7")
            assert '"call_count":100' in told.headers["X-App-Usage"]
            assert "estimated_time_to_regain_access" in told.headers["X-Business-Use-Case-Usage"]
        async with session.post(at, json=form) as told:
            assert (told.status, await told.text()) == (502, "<html>gateway</html>")
    assert [call.token_in for call in fake.calls] == ["body", "body"]


async def test_more_than_the_rate_in_one_second_is_throttled(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(methods.time, "monotonic", lambda: clock[0])
    rate = methods.Rate(3)
    assert [rate.exceeded() for _ in range(4)] == [False, False, False, True]
    clock[0] += 0.999
    assert rate.exceeded()
    clock[0] += 0.001
    assert [rate.exceeded() for _ in range(4)] == [False, False, False, True]
    assert (methods.TEXTS_PER_SECOND, methods.MEDIA_PER_SECOND) == (300, 10)


async def test_voice_has_a_rate_of_its_own() -> None:
    fake = await FakeGraph(texts=0, media=1).start()
    fake.person("7001").met()
    held = fake.world.upload("audio", b"OggS")
    voice = {"attachment": {"type": "audio", "payload": {"attachment_id": held}}}
    assert (await ask(fake, "messages", free(message=voice))).status == 200
    assert (await ask(fake, "messages", free(message=voice))).error == (613, None)
    assert (await ask(fake, "messages", free())).status == 200
    await fake.stop()


def menu(locale: str = "default", count: int = 1, title: str = "ម៉ឺនុយ", **more: object) -> Json:
    entry = {"type": "postback", "title": title, "payload": "c:menu"} | more
    return {"persistent_menu": [{"locale": locale, "call_to_actions": [entry] * count}]}


def greeting(*texts: str, locale: str = "default") -> Json:
    return {"greeting": [{"locale": locale, "text": text} for text in texts]}


@pytest.mark.parametrize(
    ("fits", "breaks"),
    [
        (menu(), menu(locale="km_KH")),
        (menu(count=20), menu(count=21)),
        (menu(title="ក" * 30), menu(title="ក" * 31)),
        (menu(), menu(payload="")),
        (menu(), menu(type="nested")),
        (greeting("ក" * 160), greeting("ក" * 161)),
        (greeting("ក"), greeting("ក", "ខ")),
        (greeting("ក"), greeting("ក", locale="km_KH")),
        ({"get_started": {"payload": "p" * 1000}}, {"get_started": {"payload": "p" * 1001}}),
        ({"get_started": {"payload": "p"}}, {"home_page": {}}),
    ],
)
async def test_a_profile_fits_or_is_refused(fake: FakeGraph, fits: Json, breaks: Json) -> None:
    fake.world.profile["get_started"] = {"payload": "c:start"}
    assert (await ask(fake, "messenger_profile", fits)).body == {"result": "success"}
    kept = dict(fake.world.profile)
    assert (await ask(fake, "messenger_profile", breaks)).error == (100, None)
    assert fake.world.profile == kept


async def test_a_menu_needs_get_started_as_long_as_it_stands(fake: FakeGraph) -> None:
    assert (await ask(fake, "messenger_profile", menu())).error == (100, 2018145)
    await ask(fake, "messenger_profile", menu() | {"get_started": {"payload": "c:start"}})
    gone = {"fields": "get_started"}
    assert (await ask(fake, "messenger_profile", gone, "DELETE")).error == (100, 2018145)
    assert (await ask(fake, "messenger_profile", {"fields": "persistent_menu"}, "DELETE")).status == 200
    assert (await ask(fake, "messenger_profile", gone, "DELETE")).status == 200
    assert (await ask(fake, "messenger_profile", gone, "GET")).body == {"data": []}


async def test_a_token_tells_what_it_may_do(fake: FakeGraph) -> None:
    fake.grant()
    told = await ask(fake, "", {"input_token": fake.page_token}, "GET", node="debug_token")
    assert {"pages_messaging", "pages_utility_messaging"} <= set(told.body["data"]["scopes"])
    listed = (await ask(fake, "permissions", verb="GET", node="me")).body["data"]
    assert {"permission": "pages_utility_messaging", "status": "granted"} in listed
    fake.world.permissions.discard("pages_messaging")
    fake.person("7001").met()
    assert (await ask(fake, "messages", free())).error == (10, None)
    assert (await ask(fake, "", verb="GET", node="7001")).body["first_name"] == "សុខា"


async def test_it_runs_as_a_process_of_its_own() -> None:
    command = (sys.executable, "-m", "tests.fakes.graph.api", "--speed", "50", "--texts", "1000")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        base = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().split()[1]
        async with aiohttp.ClientSession(base) as session:
            order = {"person": "7001", "act": "say", "args": ["សួស្តី"]}
            async with session.post("/control/act", json=order) as told:
                assert "សួស្តី" in str(await told.json())
            async with session.post(
                "/control/act", json={"person": "7001", "act": "tap", "args": ["a"]}
            ) as told:
                assert told.status == 409
            async with session.post("/control/act", json={"person": "7001", "act": "stop"}) as told:
                assert told.status == 400
            await session.post("/control/fault", json={"name": "window", "person": "7002"})
            await session.post("/control/world", json={"shift": 90000, "utility": True})
            async with session.get("/control/state") as told:
                state = await told.json()
                assert state["keys"]["page_token"].startswith("EAATEST")
                assert (state["violations"], state["waiting"]) == ([], 0)
    finally:
        process.terminate()
        await process.wait()
