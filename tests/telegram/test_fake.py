"""The fake is as strict as the real one: what it lets pass is what the other tests rely on."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.fakes.telegram.api import FakeTelegram
from tests.fakes.telegram.user import FakeUser

LONG_KHMER = "ក" * 22  # 66 bytes


def inline(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def button(**more: object) -> dict[str, Any]:
    return {"text": "x", "callback_data": "1:x"} | more


async def answer(fake: FakeTelegram, method: str, **params: object) -> dict[str, Any]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{fake.base}/bot{fake.token}/{method}", json=params) as told,
    ):
        found: dict[str, Any] = await told.json()
        return found


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMessage", {"chat_id": 77}),
        ("sendMessage", {"chat_id": 77, "text": ""}),
        ("sendMessage", {"chat_id": 77, "text": " \n"}),
        ("sendMessage", {"chat_id": 77, "text": "x" * 4097}),
        ("sendMessage", {"chat_id": 77, "text": "x", "colour": "red"}),
        ("sendMessage", {"chat_id": 77, "text": 5}),
        (
            "sendMessage",
            {"chat_id": 77, "text": "x", "reply_markup": inline([button(callback_data=LONG_KHMER)])},
        ),
        ("sendMessage", {"chat_id": 77, "text": "x", "reply_markup": inline([button(callback_data="")])}),
        ("sendMessage", {"chat_id": 77, "text": "x", "reply_markup": inline([{"text": "x"}])}),
        ("sendMessage", {"chat_id": 77, "text": "x", "reply_markup": inline([button()] * 9)}),
        ("sendMessage", {"chat_id": 77, "text": "x", "reply_markup": inline(*[[button()]] * 101)}),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}),
        ("sendChatAction", {"chat_id": 77, "action": "dancing"}),
        ("setMyCommands", {"commands": [{"command": "Menu", "description": "x"}]}),
        ("setMyDescription", {"description": "x" * 513}),
        ("getUpdates", {"limit": 101}),
        ("getUpdates", {"allowed_updates": ["messages"]}),
        ("sendPigeon", {"chat_id": 77}),
    ],
)
async def test_a_wrong_call_is_refused_and_remembered(
    fake: FakeTelegram, method: str, params: dict[str, Any]
) -> None:
    fake.user(77)
    told = await answer(fake, method, **params)
    assert told["ok"] is False
    assert told["error_code"] in (400, 404)
    with pytest.raises(AssertionError):
        fake.assert_clean()


async def test_forms_and_queries_are_read_like_json(fake: FakeTelegram) -> None:
    fake.user(77)
    markup = json.dumps(inline([button()]))
    async with aiohttp.ClientSession() as session:
        form = {"chat_id": "77", "text": "[1]", "reply_markup": markup}
        async with session.post(f"{fake.base}/bot{fake.token}/sendMessage", data=form) as told:
            assert (await told.json())["result"]["text"] == "[1]"
        async with session.get(f"{fake.base}/bot{fake.token}/getUpdates?offset=-1&timeout=0") as told:
            assert (await told.json())["result"] == []
    fake.assert_clean()


async def test_a_wrong_token_is_unauthorised(fake: FakeTelegram) -> None:
    async with aiohttp.ClientSession() as session:
        for token, status in (("7001:other", 401), ("nonsense", 404)):
            async with session.post(f"{fake.base}/bot{token}/getMe") as told:
                assert told.status == status


class Hook:
    """A webhook that answers as told, then 200."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.got: list[tuple[int, str]] = []
        self.raw: list[bytes] = []
        self.url = ""

    async def serve(self, request: web.Request) -> web.Response:
        self.raw.append(await request.read())
        number = json.loads(self.raw[-1])["update_id"]
        self.got.append((number, request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


async def test_a_webhook_gets_updates_with_the_secret_until_it_says_yes(
    fake: FakeTelegram, hook: Hook, user: FakeUser
) -> None:
    before = user.text("មុន")
    hook.answers = [503, 500, 429]
    assert (await answer(fake, "setWebhook", url=hook.url, secret_token="s3cret"))["ok"]
    after = user.text("ក្រោយ")
    await fake.updates.settled()
    assert hook.got == [(before, "s3cret")] * 4 + [(after, "s3cret")]
    assert [delivery.status for delivery in fake.updates.deliveries] == [503, 500, 429, 200, 200]
    assert b"\\u1" in hook.raw[0]  # the real one escapes every letter that is not ASCII
    info = (await answer(fake, "getWebhookInfo"))["result"]
    assert info["pending_update_count"] == 0
    assert "429" in info["last_error_message"]


async def test_polling_and_a_webhook_exclude_each_other(fake: FakeTelegram, hook: Hook) -> None:
    await answer(fake, "setWebhook", url=hook.url)
    assert (await answer(fake, "getUpdates"))["error_code"] == 409
    await answer(fake, "deleteWebhook")
    assert (await answer(fake, "getUpdates"))["ok"]


async def test_a_tap_that_nobody_fetches_is_lost_after_its_life(user: FakeUser) -> None:
    fast = await FakeTelegram(speed=1_000_000).start()
    person = fast.user(77)
    await answer(fast, "sendMessage", chat_id=77, text="x", reply_markup=inline([button()]))
    text = person.text("y")
    person.tap("x")
    await asyncio.sleep(0.002)
    assert fast.updates.pending() == [text]
    await fast.stop()
    with pytest.raises(AssertionError, match="no button"):
        user.tap("not there")


async def test_only_the_kinds_asked_for_come(fake: FakeTelegram, user: FakeUser) -> None:
    await answer(fake, "getUpdates", allowed_updates=["my_chat_member"])
    user.text("x")
    blocked = user.block()
    assert fake.updates.pending() == [blocked]


async def test_it_runs_as_a_process_of_its_own() -> None:
    command = (sys.executable, "-m", "tests.fakes.telegram.api", "--speed", "50")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        base = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().split()[1]
        async with aiohttp.ClientSession(base) as session:
            order = {"user": 77, "act": "text", "args": ["សួស្តី"]}
            async with session.post("/control/act", json=order) as told:
                assert "update" in await told.json()
            async with session.post("/control/act", json={"user": 77, "act": "tap"}) as told:
                assert told.status == 409
            async with session.get("/control/state") as told:
                assert len((await told.json())["waiting"]) == 1
    finally:
        process.terminate()
        await process.wait()
