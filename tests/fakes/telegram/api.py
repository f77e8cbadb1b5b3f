"""A strict Bot API on loopback, for every test, crash test and benchmark that speaks Telegram.

Never lets a wrong call pass: aiogram's models and the limits table refuse it, and it is remembered.

In a test:     fake = await FakeTelegram().start(); channel = TelegramChannel(fake.token, fake.base)
               user = fake.user(77); user.text("សួស្តី"); await user.heard(); user.tap("បាទ")
               await channel.close(); await fake.stop(); fake.assert_clean()
As a process:  python -m tests.fakes.telegram.api --port 9321    (prints "ready <address>"; see control)
"""

import argparse
import asyncio
import time
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web

from tests.fakes.telegram import control, rules
from tests.fakes.telegram.faults import ApiError, Fault, Kind
from tests.fakes.telegram.methods import Methods
from tests.fakes.telegram.updates import Updates
from tests.fakes.telegram.user import FakeUser
from tests.fakes.telegram.world import World
from tests.fakes.watched import Watched

TOKEN = "7001:TEST-planted-token-for-the-fake"


@dataclass(frozen=True, slots=True)
class Call:
    """One call as decoded. `status`: what it was answered, 0 for never; `at`: monotonic seconds."""

    number: int
    method: str
    params: dict[str, Any]
    files: dict[str, bytes]
    status: int
    at: float


class FakeTelegram(Watched):
    """`speed`: how much faster than real time retries and lives pass. `check_every`: 1 checks every call."""

    def __init__(self, token: str = TOKEN, *, speed: float = 1.0, check_every: int = 1) -> None:
        super().__init__()
        self.token = token
        self.check_every = check_every
        self.world = World(int(token.partition(":")[0]))
        self.updates = Updates(speed)
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.base = ""
        self.requests = 0  # HTTP requests, whatever became of them
        self._methods = Methods(self.world, self.updates)
        self._users: dict[int, FakeUser] = {}
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> "FakeTelegram":
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/{path:.+}", self._serve_file)
        control.add_routes(app, self)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        host, bound = self._runner.addresses[0][:2]
        self.base = f"http://{host}:{bound}"
        return self

    async def stop(self) -> None:
        self._closing.set()
        await self.updates.close()
        if self._runner is not None:
            await self._runner.cleanup()

    # for tests

    def user(self, person: int, name: str = "សុខា", language: str = "km") -> FakeUser:
        if person not in self._users:
            self._users[person] = FakeUser(self, self.world.chat(person, name, language))
        return self._users[person]

    def fault(self, kind: Kind = "status", **details: object) -> Fault:
        """Something goes wrong with the next call that matches (see faults.Fault)."""
        self.faults.append(Fault(kind, **details))  # type: ignore[arg-type]
        return self.faults[-1]

    def called(self, method: str) -> list[dict[str, Any]]:
        """The parameters of every call of a method."""
        return [call.params for call in self.calls if call.method == method]

    def emit(self, kind: str, body: dict[str, Any], queue: tuple[str, int]) -> int:
        """Give the bot an update (checked by aiogram first)."""
        number = self.world.next("update")
        update = {"update_id": number, kind: body}
        if number % self.check_every == 0:
            rules.check_update(update)
        self.updates.put(update, queue)
        return number

    # the server

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        method = request.match_info["method"]
        if request.match_info["token"] != self.token:
            malformed = ":" not in request.match_info["token"]
            return _answer(ApiError(404, "Not Found") if malformed else ApiError(401, "Unauthorized"))
        if rules.model_of(method) is None:
            return _answer(self._violate(ApiError(404, "Not Found: method not found"), method))
        params, files = await _read(request, method)
        fault = next((fault for fault in self.faults if fault.hits(method, params)), None)
        if fault is not None:
            fault.times -= 1
        try:
            if self.check_every == 1 or self.requests % self.check_every == 0:
                rules.check(method, params, files)
            result = await self._carry_out(fault, method, params, files)
        except rules.BrokenRuleError as error:
            result = self._violate(ApiError(400, error.said), f"{method}: {error}")
        except ApiError as error:
            result = error
        status = result.status if isinstance(result, ApiError) else 200
        if fault is not None and fault.kind != "status":
            status = 0
        if method != "getUpdates":
            self.calls.append(Call(len(self.calls), method, params, files, status, time.monotonic()))
            self._changed.set()
        return await self._reply(request, fault, result)

    async def _carry_out(
        self, fault: Fault | None, method: str, params: dict[str, Any], files: dict[str, bytes]
    ) -> object:
        if fault is not None and fault.kind == "status":
            raise fault.error()
        if fault is not None and fault.kind in ("hang", "shut"):
            return None
        return await self._methods.carry_out(method, params, files)

    async def _reply(self, request: web.Request, fault: Fault | None, result: object) -> web.StreamResponse:
        if fault is None:
            return _answer(result)
        if fault.kind == "status" and not fault.html:
            return _answer(result)
        if fault.kind in ("lost", "hang"):
            await self._closing.wait()
        if fault.kind in ("cut", "shut") and request.transport is not None:
            request.transport.abort()
        status = fault.status if fault.kind == "status" else 200
        return web.Response(status=status, text="<html>gateway</html>", content_type="text/html")

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        for known, content in self.world.files.values():
            if known == path and request.match_info["token"] == self.token:
                return web.Response(body=content, content_type="application/octet-stream")
        return _answer(ApiError(404, "Not Found"))

    def _violate(self, error: ApiError, why: str) -> ApiError:
        self.violations.append(why)
        return error


async def _read(request: web.Request, method: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Parameters with their types, and uploaded files, from JSON, form, multipart or the query."""
    params = rules.decode(method, request.query)
    if request.content_type == "application/json":
        return params | orjson.loads(await request.read() or b"{}"), {}
    texts: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = value.file.read()
        else:
            texts[name] = str(value)
    return params | rules.decode(method, texts), files


def _answer(result: object) -> web.Response:
    if isinstance(result, ApiError):
        body, status = result.body(), result.status
    else:
        body, status = {"ok": True, "result": result}, 200
    return web.Response(status=status, body=orjson.dumps(body), content_type="application/json")


async def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--check-every", type=int, default=1)
    given = parser.parse_args()
    fake = FakeTelegram(given.token, speed=given.speed, check_every=given.check_every)
    await fake.start(given.port)
    print(f"ready {fake.base}", flush=True)  # noqa: T201 - the parent process waits for this line
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
