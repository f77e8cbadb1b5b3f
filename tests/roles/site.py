"""A site of many processes on one token and one store, and the people who write to it meanwhile.

Never reads what a process holds in memory: what people see and what the store says must agree.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import psycopg

from storage.people import event_blind
from storage.seal import Vault
from tests.fakes.telegram.api import FakeTelegram
from tests.roles.server import Server

ROOT = Path(__file__).parents[2]
PATIENCE = 90.0  # seconds, of a machine with other work too


@dataclass
class Process:
    """`spean serve` with some roles. `internal`: where its health is."""

    role: str
    running: asyncio.subprocess.Process
    log: Path
    internal: str = ""

    @property
    def pid(self) -> int:
        return self.running.pid

    async def ready(self) -> None:
        """Wait until it says where its health is."""
        assert self.running.stdout is not None
        async with asyncio.timeout(PATIENCE):
            while line := (await self.running.stdout.readline()).decode():
                if line.startswith("internal "):
                    self.internal = line.split()[1]
                    return
        raise AssertionError(f"{self.role} did not start:\n{self.log.read_text()[-3000:]}")

    async def kill(self) -> None:
        self.running.kill()
        await self.running.wait()

    async def stop(self) -> int:
        """SIGTERM; its exit status."""
        if self.running.returncode is None:
            self.running.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            return await self.running.wait()

    async def asked(self, path: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as session, session.get(f"{self.internal}{path}") as answer:
            return answer.status, await answer.text()


@dataclass
class Site:
    """One folder with the key, one server, one fake Telegram. `more`: what its processes are told besides."""

    folder: Path
    server: Server
    fake: FakeTelegram
    rate: int = 20
    processes: list[Process] = field(default_factory=list)
    more: Mapping[str, str] = field(default_factory=dict)

    async def start(self, *roles: str) -> list[Process]:
        started = [await self._begun(role) for role in roles]
        await asyncio.gather(*(one.ready() for one in started))
        return started

    async def _begun(self, role: str) -> Process:
        log = self.folder / f"{role}-{len(self.processes)}.log"
        with log.open("wb") as out:
            running = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "serve", "--role", role),
                cwd=ROOT,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **self.environment()},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=out,
            )
        self.processes.append(Process(role, running, log))
        return self.processes[-1]

    def environment(self) -> dict[str, str]:
        return {
            "SPEAN_TELEGRAM__ENABLED": "true",
            "SPEAN_TELEGRAM__TOKEN": self.fake.token,
            "SPEAN_TELEGRAM__API_BASE": self.fake.base,
            "SPEAN_TELEGRAM__RATE": str(self.rate),
            "SPEAN_WEB__PORT": "0",
            "SPEAN_WEB__INTERNAL_PORT": "0",
            "SPEAN_STORAGE__URL": self.server.url,
            "SPEAN_STORAGE__MASTER_KEY_FILE": str(self.folder / "master.key"),
            "SPEAN_STORAGE__BACKUP_FOLDER": str(self.folder / "backups"),
            **self.more,
        }

    async def stop(self) -> list[int]:
        """SIGTERM to all that still run, at once; their exit statuses."""
        alive = [one for one in self.processes if one.running.returncode is None]
        return list(await asyncio.gather(*(one.stop() for one in alive)))

    async def leave(self) -> None:
        """Kill all that still run."""
        for one in self.processes:
            if one.running.returncode is None:
                await one.kill()

    async def ask(self, query: str, *given: object) -> list[tuple[Any, ...]]:
        """Whatever the store says, past the product."""
        async with await psycopg.AsyncConnection.connect(self.server.dsn, autocommit=True) as conn:
            return await (await conn.execute(query, given or None)).fetchall()

    async def until(self, query: str, what: str, within: float = PATIENCE) -> None:
        """Wait until the store answers a query with yes."""
        async with asyncio.timeout(within):
            while not (await self.ask(query))[0][0]:  # noqa: ASYNC110 - other processes tell nobody
                await asyncio.sleep(0.05)
        assert what

    def vault(self) -> Vault:
        return Vault.open(self.folder / "master.key")

    def keys(self, updates: list[int]) -> set[bytes]:
        """What the inbox calls these updates."""
        account, vault = f"telegram:{self.fake.token.partition(':')[0]}", self.vault()
        return {event_blind(vault, account, f"u{number}") for number in updates}


@dataclass
class Person:
    """Somebody who answers whatever the bot asks, by the first button if there is one."""

    site: Site
    number: int
    updates: list[int] = field(default_factory=list)

    async def talk(self, turns: int) -> None:
        """Act `turns` times, each after the answer to the last."""
        user = self.site.fake.user(self.number)
        for _ in range(turns):
            buttons = user.last.get("reply_markup", {}).get("inline_keyboard") if user.messages else None
            if not user.messages:
                self.updates.append(user.start())
            elif buttons:
                self.updates.append(user.tap(0))
            else:
                self.updates.append(user.text("ម៉ឺនុយ"))  # to greet again and again would be a flood
            await user.heard(within=PATIENCE)
