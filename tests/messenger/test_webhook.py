"""`/webhook/messenger`: nothing is looked at before its signature, nothing acknowledged before it is kept."""

import asyncio
import hashlib
import hmac
import io
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.messenger.read import read
from bot.core.events import Event, Text
from bot.web import webhooks
from bot.web.problem import Problem
from bot.web.webhooks import BODY_MAX, MessengerHook, MessengerPosts
from storage.faults import StoreDown
from tests.messenger.payloads import ACCOUNT, MID, NOW, body, item, message

HOOK = "/webhook/messenger"
SECRET = b"planted-app-secret"
VERIFY = "planted-verify-token"
SIGNED = "X-Hub-Signature-256"


class Kept:
    """A runner in memory: each event once. `go` holds it up, `down` is a store that fails."""

    def __init__(self) -> None:
        self.events: dict[str, Event] = {}
        self.go = asyncio.Event()
        self.go.set()
        self.down = False

    async def take(self, account: str, raw: Mapping[str, Any], *, media: bytes | None = None) -> None:
        del media
        told = read(raw, account, NOW)
        await self.go.wait()
        if self.down:
            raise StoreDown
        for one in told:
            if isinstance(one, Event):
                self.events.setdefault(one.id, one)

    @property
    def words(self) -> list[str]:
        return [one.body.text for one in self.events.values() if isinstance(one.body, Text)]


@web.middleware
async def problems(request: web.Request, handler: Any) -> web.StreamResponse:  # noqa: ANN401 - aiohttp's
    try:
        answer: web.StreamResponse = await handler(request)
    except Problem as problem:
        return problem.response()
    return answer


@pytest.fixture
def kept() -> Kept:
    return Kept()


@asynccontextmanager
async def served(kept: Kept) -> AsyncIterator[TestClient]:
    app = web.Application(middlewares=[problems])
    posts = MessengerPosts(MessengerHook(ACCOUNT, SECRET, VERIFY.encode()), kept)
    app.add_routes(posts.routes())
    app.on_cleanup.append(posts.finish)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
async def client(kept: Kept) -> AsyncIterator[TestClient]:
    async with served(kept) as client:
        yield client


def as_meta_writes(form: object) -> bytes:
    return json.dumps(form, separators=(",", ":")).replace("/", "\\/").encode()


def signature(raw: bytes, secret: bytes = SECRET) -> dict[str, str]:
    return {SIGNED: "sha256=" + hmac.new(secret, raw, hashlib.sha256).hexdigest()}


async def post(client: TestClient, form: object) -> int:
    raw = as_meta_writes(form)
    return (await client.post(HOOK, data=raw, headers=signature(raw))).status


def asks(**changes: str) -> dict[str, str]:
    right = {"mode": "subscribe", "verify_token": VERIFY, "challenge": "1158201444"}
    return {f"hub.{name}": value for name, value in (right | changes).items()}


async def test_the_verification_gives_the_challenge_back_as_plain_text(client: TestClient) -> None:
    answer = await client.get(HOOK, params=asks(challenge="<b>1158201444</b>"))
    assert (answer.status, await answer.text()) == (200, "<b>1158201444</b>")
    assert answer.content_type == "text/plain"


@pytest.mark.parametrize(
    "params",
    [
        asks(verify_token="planted-verify-tokem"),
        asks(verify_token=""),
        asks(verify_token="សួស្តី"),
        asks(mode="unsubscribe"),
        asks(challenge="1" * 1001),
        {},
    ],
)
async def test_anybody_else_is_refused(client: TestClient, params: dict[str, str]) -> None:
    assert (await client.get(HOOK, params=params)).status == 403


async def test_three_entries_are_taken_and_then_acknowledged(client: TestClient, kept: Kept) -> None:
    told = [item(message={"mid": f"m_{nth}", "text": f"សារ {nth}"}) for nth in range(3)]
    assert await post(client, body(*told)) == 200
    assert kept.words == ["សារ 0", "សារ 1", "សារ 2"]


@pytest.mark.parametrize(
    "header",
    [
        {},
        {SIGNED: ""},
        {SIGNED: "sha256="},
        {SIGNED: "sha256=" + "0" * 64},
        {SIGNED: "ខ្មែរ".encode().decode("latin-1")},
        signature(b"{ not json", b"another secret"),
        {"X-Hub-Signature": "sha1=" + hmac.new(SECRET, b"{ not json", hashlib.sha1).hexdigest()},
    ],
)
async def test_a_forged_signature_is_refused_before_the_body_is_looked_at(
    client: TestClient, kept: Kept, header: dict[str, str]
) -> None:
    answer = await client.post(HOOK, data=b"{ not json", headers=header)
    assert (answer.status, await answer.json()) == (403, {"error": "web.error.refused"})
    assert kept.events == {}


async def test_the_signature_is_of_the_bytes_and_not_of_what_they_say(client: TestClient, kept: Kept) -> None:
    form = message(text="ខ្ញុំមកពីថៃ https://x.kh/a")
    raw = as_meta_writes(form)
    assert b"\\u17" in raw
    again = json.dumps(form, ensure_ascii=False).encode()
    assert json.loads(again) == json.loads(raw)
    assert (await client.post(HOOK, data=again, headers=signature(raw))).status == 403
    assert (await client.post(HOOK, data=raw, headers=signature(raw))).status == 200
    assert kept.words == ["ខ្ញុំមកពីថៃ https://x.kh/a"]


async def test_a_body_over_one_megabyte_gets_413_whether_it_tells_its_length_or_not(
    client: TestClient,
) -> None:
    big = b"x" * (BODY_MAX + 1)
    told = await client.post(HOOK, data=io.BytesIO(big), headers=signature(big))

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b"x" * 65_536

    untold = await client.post(HOOK, data=chunks(), headers=signature(big))
    assert (told.status, untold.status) == (413, 413)


async def test_one_of_a_megabyte_is_taken(client: TestClient, kept: Kept) -> None:
    form = message(text="")
    form["entry"][0]["messaging"][0]["message"]["text"] = "x" * (BODY_MAX - len(as_meta_writes(form)))
    assert await post(client, form) == 200
    assert len(kept.words[0]) > BODY_MAX - 1000


@pytest.mark.parametrize(
    "form", [[], 7, "x", {}, {"object": "user", "entry": []}, {"object": "page", "entry": [7]}]
)
async def test_what_the_platform_does_not_send_gets_400(client: TestClient, kept: Kept, form: object) -> None:
    assert await post(client, form) == 400
    assert kept.events == {}


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff"])
async def test_so_does_what_is_no_json(client: TestClient, raw: bytes) -> None:
    assert (await client.post(HOOK, data=raw, headers=signature(raw))).status == 400


async def test_another_pages_events_are_acknowledged_and_nothing_to_us(
    client: TestClient, kept: Kept
) -> None:
    assert await post(client, body(item(message={"mid": MID, "text": "x"}), page="5")) == 200
    assert kept.events == {}


async def test_a_replay_is_kept_once(client: TestClient, kept: Kept) -> None:
    for _ in range(3):
        assert await post(client, message(text="ម្តង")) == 200
    assert kept.words == ["ម្តង"]


async def test_while_the_store_is_down_meta_is_asked_to_deliver_again(client: TestClient, kept: Kept) -> None:
    kept.down = True
    assert await post(client, message(text="x")) == 503
    kept.down = False
    assert await post(client, message(text="x")) == 200
    assert kept.words == ["x"]


async def test_what_takes_too_long_is_asked_for_again_and_goes_on(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "ANSWER_WITHIN", 0.01)
    kept.go.clear()
    async with served(kept) as client:
        assert await post(client, message(text="x")) == 503
        assert kept.words == []
        kept.go.set()
    assert kept.words == ["x"]  # the server waited for it before it closed


def test_a_webhook_without_its_secrets_cannot_be_built(kept: Kept) -> None:
    for secret, verify in ((b"", b"x"), (b"x", b"")):
        with pytest.raises(ValueError, match="secret"):
            MessengerPosts(MessengerHook(ACCOUNT, secret, verify), kept)


def test_the_secrets_are_not_printed() -> None:
    assert "planted" not in repr(MessengerHook(ACCOUNT, SECRET, VERIFY.encode()))
