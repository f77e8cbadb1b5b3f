"""A strict Graph API on loopback, for every test, crash test and benchmark that speaks Messenger.

Never lets a wrong call pass: the limits of facts/channels.md §3 refuse it, and it is remembered.

In a test:     fake = await FakeGraph(speed=100).start(); fake.webhook = "http://127.0.0.1:8080/…"
               person = fake.person("7001"); await person.say("សួស្តី")
               await person.heard(); await person.press("បាទ")
               await fake.stop(); fake.assert_clean()
As a process:  python -m tests.fakes.graph.api --port 9322    (prints "ready <address>"; see control)
"""

import argparse
import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from tests.fakes.graph import control, downloads, gate
from tests.fakes.graph.faults import Fault, Kind
from tests.fakes.graph.hooks import Hooks
from tests.fakes.graph.methods import MEDIA_PER_SECOND, TEXTS_PER_SECOND, Methods
from tests.fakes.graph.person import FakePerson
from tests.fakes.graph.profile import Page
from tests.fakes.graph.server import Call, Server
from tests.fakes.graph.tells import Tells
from tests.fakes.graph.utility import PERMISSION
from tests.fakes.graph.world import Thread, World
from tests.fakes.watched import Watched

PAGE_ID = "100700100700100"
APP_ID = "900700900700900"
PAGE_TOKEN = "EAATEST-planted-page-token-for-the-fake"
APP_SECRET = "planted-app-secret-for-the-fake"
VERIFY_TOKEN = "planted-verify-token"


class FakeGraph(Watched):
    """`speed`: how much faster than Meta repeats its webhooks. `clock`: the fake's aware time.

    `texts`, `media`: sends in any second before throttling (0: as many as you like). `waits`: acts of a
    person return when the product has taken their webhook. `foreign`: the same server under an address that
    is not the platform's.
    """

    def __init__(
        self,
        *,
        speed: float = 1.0,
        clock: Callable[[], datetime] | None = None,
        texts: int = TEXTS_PER_SECOND,
        media: int = MEDIA_PER_SECOND,
        waits: bool = True,
    ) -> None:
        super().__init__()
        self.page_id, self.page_token, self.app_id = PAGE_ID, PAGE_TOKEN, APP_ID
        self.app_secret, self.verify_token = APP_SECRET, VERIFY_TOKEN
        self.base = self.foreign = ""
        self.world = World(PAGE_ID, clock)
        self.hooks = Hooks(APP_SECRET, speed, self._turn)
        self.tells = Tells(self.world, self.hooks, APP_ID, waits=waits)
        self.methods = Methods(self.world, texts, media)
        self.page = Page(self.world, APP_ID)
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.downloads: list[tuple[str, str]] = []  # host and path of every attachment fetched
        self._people: dict[str, FakePerson] = {}
        self.closing = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> "FakeGraph":
        app = web.Application(client_max_size=64 * 1024 * 1024)
        control.add_routes(app, self)
        downloads.add_routes(app, self)
        server = Server(self)
        app.router.add_route("*", "/{version:v[0-9.]+}/{node}", server.serve)
        app.router.add_route("*", "/{version:v[0-9.]+}/{node}/{edge:[^/]*}", server.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        await web.TCPSite(self._runner, "127.0.0.2", 0).start()
        self.base, self.foreign = (f"http://{host}:{at}" for host, at, *_ in self._runner.addresses)
        return self

    async def stop(self) -> None:
        self.closing.set()
        await self.hooks.close()
        if self._runner is not None:
            await self._runner.cleanup()

    # for tests

    @property
    def proof(self) -> str:
        """The appsecret_proof of a right call."""
        return gate.proof(self.page_token, self.app_secret)

    @property
    def webhook(self) -> str:
        return self.hooks.url

    @webhook.setter
    def webhook(self, url: str) -> None:
        self.hooks.url = url

    async def verify(self) -> bool:
        """What Meta asks when a webhook is entered: does it give the challenge back?"""
        challenge = f"{1_158_201_444 + self.world.number()}"
        asks = {"hub.mode": "subscribe", "hub.verify_token": self.verify_token, "hub.challenge": challenge}
        async with self.hooks.session().get(self.webhook, params=asks) as answer:
            return answer.status == 200 and await answer.text() == challenge

    def person(self, psid: str | int) -> FakePerson:
        """Somebody whom the Page may know; the window opens when they act (or `met()`)."""
        key = str(psid)
        if key not in self._people:
            self._people[key] = FakePerson(self, self.world.thread(key))
        return self._people[key]

    def fault(self, kind: Kind = "status", **details: object) -> Fault:
        """Something goes wrong with the next call or webhook that matches (see faults.Fault)."""
        self.faults.append(Fault(kind, **details))  # type: ignore[arg-type]
        return self.faults[-1]

    def grant(self, *, utility: bool = True, human_agent: bool = True) -> None:
        """What App Review allowed."""
        (self.world.permissions.add if utility else self.world.permissions.discard)(PERMISSION)
        self.world.human_agent = human_agent

    def later(self, by: timedelta) -> None:
        """The fake's time goes on."""
        self.world.shift += by

    def freeze(self) -> datetime:
        """The fake's time stands still, but for `later`."""
        now = self.world.clock()
        self.world.clock = lambda: now
        return now

    async def rule(
        self, name: str, language: str, event: str = "APPROVED", reason: str = ""
    ) -> dict[str, Any]:
        """Meta decides on a template that was submitted, and tells us."""
        return await self.tells.rule(name, language, event, reason)

    def sent(self, psid: str | None = None) -> list[dict[str, Any]]:
        """The parameters of every call of /messages that was carried out, maybe to one person."""
        return [
            call.params
            for call in self.calls
            if call.edge == "messages" and call.code is None and psid in (None, call.person)
        ]

    async def settled(self, within: float = 10.0) -> None:
        """Wait until every webhook was taken or given up."""
        await self.hooks.settled(within)

    async def until_got(self, thread: Thread, count: int, within: float) -> None:
        await self.until(lambda: len(thread.got) >= count, within, f"message {count} to {thread.psid}")

    # webhooks

    def batch(self) -> AbstractAsyncContextManager[None]:
        """Whatever people do meanwhile comes in one body, an entry for each act, in the order of acting."""
        return self.tells.batch()

    async def tell(self, field: str, psid: str, item: dict[str, Any]) -> dict[str, Any]:
        """Post an event of a subscribed field; gives the body (or what it would have been)."""
        return await self.tells.tell(field, psid, item)

    def remember(self, call: Call) -> None:
        self.calls.append(call)
        self._changed.set()

    def _turn(self, person: str | None) -> str:
        """What goes wrong with this body, if anything."""
        fault = next((fault for fault in self.faults if fault.hits_webhook(person)), None)
        if fault is None:
            return ""
        fault.times -= 1
        return fault.kind


async def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--texts", type=int, default=TEXTS_PER_SECOND)
    parser.add_argument("--media", type=int, default=MEDIA_PER_SECOND)
    given = parser.parse_args()
    fake = FakeGraph(speed=given.speed, texts=given.texts, media=given.media, waits=False)
    await fake.start(given.port)
    print(f"ready {fake.base}", flush=True)  # noqa: T201 - the parent process waits for this line
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
