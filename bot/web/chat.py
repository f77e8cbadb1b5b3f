"""The web chat's requests: a token for a browser, its events in, its parts out by long poll.

Never trusts the page and never keeps a person's words: the runner does.

Long poll rather than server-sent events: over patchy 3G, carrier gateways and old in-app browsers hold
back or silently cut a stream that trickles, and the page cannot tell. A poll is an ordinary request: each
answer is complete, each request says by `after` what has really arrived, a lost answer is asked for again.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import quote

from aiohttp import web

from bot.channels.webchat.capabilities import ACCOUNT
from bot.runner.chat import Batch
from bot.web.bodies import hand_over, json_object, read_capped
from bot.web.budget import Upload, UploadBudget
from bot.web.limits import Bucket
from bot.web.problem import Problem
from bot.web.site import Site
from bot.web.tokens import external_of, mint
from bot.web.uploads import Sniffed, sniff
from bot.web.wire import batch_json

SEND_MAX = 32 * 1024  # 4,096 Khmer characters as \uXXXX
UPLOAD_MAX = 10 * 1024 * 1024
SEND_SECONDS, UPLOAD_SECONDS = (
    30.0,
    300.0,
)  # 3G uploads a minute of voice in about ten seconds, on a bad day in sixty
POLL_SECONDS = 25.0
HISTORY = 100
POLLS_PER_TOKEN, POLLS = 6, 5_000
UPLOADS_AT_ONCE = 8  # bounds memory: 8 × 10 MB


class Chat:
    """The requests under `/chat/api`. `client` tells the network address of a request."""

    def __init__(self, site: Site, client: Callable[[web.Request], str]) -> None:
        self._site = site
        self._client = client
        self._sessions = Bucket(30, 600, site.seconds)
        self._sends = Bucket(60, 60, site.seconds)
        self._fetches = Bucket(180, 60, site.seconds)
        self._budget = UploadBudget(site.uploads, site.seconds)
        self._uploading = asyncio.Semaphore(UPLOADS_AT_ONCE)
        self._polling: Counter[str] = Counter()
        self._waiting: set[asyncio.Task[Literal[True]]] = set()
        self._closing = False

    def routes(self) -> list[web.RouteDef]:
        """What the page calls."""
        return [
            web.post("/chat/api/session", self.session),
            web.post("/chat/api/send", self.send),
            web.post("/chat/api/upload", self.upload),
            web.get("/chat/api/events", self.events),
            web.get("/chat/api/history", self.history),
            web.get("/chat/api/file/{id:[0-9]{1,18}}", self.file),
        ]

    async def release(self, _app: web.Application) -> None:
        """Let every poll answer at once, those too that do not wait yet: the server is closing."""
        self._closing = True
        for task in self._waiting:
            task.cancel()

    async def session(self, request: web.Request) -> web.Response:
        """A new token. Nothing is stored until its first event."""
        _allow(self._sessions, self._client(request))
        return web.json_response({"token": mint(secrets.token_bytes(32), self._site.sign)}, status=201)

    async def send(self, request: web.Request) -> web.Response:
        """One event: text, tap, start or command. Files come by `upload`."""
        external = self._external(request)
        _allow(self._sends, external)
        posted = json_object(await read_capped(request, SEND_MAX, SEND_SECONDS))
        if posted.get("kind") == "media":
            raise Problem(400, "web.error.bad")
        await hand_over(self._site.inbound, ACCOUNT, {"external": external, "event": posted})
        return web.json_response({"ok": True})

    async def upload(self, request: web.Request) -> web.Response:
        """One file as the raw body; `?id=` is the page's id, `&seconds=` the length it measured."""
        external = self._external(request)
        _allow(self._sends, external)
        client = self._client(request)
        _room(self._budget.wait(Upload(external, client, min(request.content_length or 1, UPLOAD_MAX))))
        if self._uploading.locked():
            raise Problem(503, "web.error.store", retry_after=5)
        async with self._uploading:
            body = await read_capped(request, UPLOAD_MAX, UPLOAD_SECONDS)
            found = sniff(body)
            if found is None:
                raise Problem(415, "web.error.kind")
            upload = Upload(external, client, len(body))
            _room(self._budget.take(upload))
            try:
                await self._hand_over_file(request, external, found, body)
            except Problem:
                self._budget.give_back(upload)
                raise
        return web.json_response({"ok": True})

    async def _hand_over_file(self, request: web.Request, external: str, found: Sniffed, body: bytes) -> None:
        event = {
            "id": request.query.get("id", ""),
            "kind": "media",
            "media": found.kind,
            "mime": found.mime,
            "size": len(body),
            "seconds": _number(request.query.get("seconds", "0"), 3600),
        }
        await hand_over(self._site.inbound, ACCOUNT, {"external": external, "event": event}, media=body)

    async def events(self, request: web.Request) -> web.Response:
        """Parts after `?after=`: at once when there are any, otherwise within 25 s or none."""
        external = self._external(request)
        _allow(self._fetches, external)
        after = _number(request.query.get("after", "0"), 10**15)
        seconds = min(float(_number(request.query.get("wait", "25"), 60)), POLL_SECONDS)
        if self._polling[external] >= POLLS_PER_TOKEN or self._polling.total() >= POLLS:
            raise Problem(429, "web.error.too-many", retry_after=5)
        self._polling[external] += 1
        try:
            batch = await self._next(request, external, after, seconds)
        finally:
            self._polling[external] -= 1
            if not self._polling[external]:
                del self._polling[external]
        return _json(batch_json(batch))

    async def history(self, request: web.Request) -> web.Response:
        """The last lines, to redraw the page."""
        external = self._external(request)
        _allow(self._fetches, external)
        return _json(batch_json(await self._site.chats.history(ACCOUNT, external, HISTORY)))

    async def file(self, request: web.Request) -> web.Response:
        """A document that was said to this person, always as a download."""
        external = self._external(request)
        _allow(self._fetches, external)
        found = await self._site.chats.document(ACCOUNT, external, int(request.match_info["id"]))
        if found is None:
            raise Problem(404, "web.error.nothing-here")
        name = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
        mime = found.mime if "/" in found.mime else "application/octet-stream"
        headers = {"Content-Type": mime, "Content-Disposition": name}
        return web.Response(body=found.body, headers=headers)

    async def _next(self, request: web.Request, external: str, after: int, seconds: float) -> Batch:
        """The lines after number `after`, once there are any or the person is erased, or after `seconds`."""
        until = self._site.seconds() + seconds
        with self._site.chats.waiter(ACCOUNT, external) as wake:
            first = batch = await self._site.chats.pull(ACCOUNT, external, after)
            while not batch.lines and (batch.language, batch.since) == (first.language, first.since):
                left = until - self._site.seconds()
                if self._closing or left <= 0 or not await self._wait(wake, left):
                    break
                if request.transport is None or request.transport.is_closing():
                    break  # the page went away: leave its parts held
                wake.clear()
                batch = await self._site.chats.pull(ACCOUNT, external, after)
            return batch

    async def _wait(self, wake: asyncio.Event, seconds: float) -> bool:
        """Whether something woke us within `seconds`."""
        task = asyncio.create_task(wake.wait())
        self._waiting.add(task)
        try:
            done, _ = await asyncio.wait({task}, timeout=seconds)
            return bool(done) and not task.cancelled()
        finally:
            self._waiting.discard(task)
            task.cancel()

    def _external(self, request: web.Request) -> str:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        external = external_of(token, self._site.sign) if scheme == "Bearer" else None
        if external is None:
            raise Problem(401, "web.error.token")
        return external


def _allow(bucket: Bucket, key: str) -> None:
    if wait := bucket.take(key):
        raise Problem(429, "web.error.too-many", wait)


def _room(wait: float) -> None:
    if wait:
        raise Problem(429, "web.error.uploads", wait)


def _number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 16 and int(text) <= most):
        raise Problem(400, "web.error.bad")
    return int(text)


def _json(body: dict[str, Any]) -> web.Response:
    answer = web.json_response(body)
    answer.enable_compression()
    return answer
