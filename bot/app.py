"""The only place that builds things: settings in, a running Spean out.

Never decides, stores or sends anything itself.
"""

import asyncio
import gc
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import structlog

from bot.channels.channel import Channel
from bot.channels.webchat.channel import WebChat
from bot.clock import Clock
from bot.config.settings import Settings
from bot.core.schedule import QuietHours
from bot.i18n import Words
from bot.process.beginning import AGAIN_SECONDS, Beginning
from bot.process.ending import BEFORE_DRAIN, Ending
from bot.process.listeners import STOP_SECONDS, Listeners
from bot.process.metronome import Metronome
from bot.process.opening import opened
from bot.process.platforms import Platforms
from bot.process.polling import Polling
from bot.process.readiness import Readiness
from bot.process.roles import ALL, Role, Roles
from bot.runner.agenda import Agenda, guarded
from bot.runner.chat import Chats
from bot.runner.hinting import Hinting, Outgoing, Pages
from bot.runner.inbound import Inbound
from bot.runner.keeping import Keeping, Kept
from bot.runner.kit import Kit
from bot.runner.library import Library
from bot.runner.metrics import Metrics
from bot.runner.sender import Sender
from bot.web.internal import internal_app
from bot.web.public import public_app
from bot.web.site import Site
from storage import lease, outbox, ticks
from storage.erasure import ErasureLog
from storage.purge import Policy
from storage.seal import Vault

log = structlog.get_logger()

LEASE = timedelta(seconds=60)  # what a dead sender held waits so long; a long send renews its own (Flight)
TICK_SECONDS = 5
LOOK_SECONDS = 1  # what a page waits at most for what another process queued for it
PUBLIC, INTERNAL = "public", "internal"


class Spean:
    """One process: a store, its channels and its listeners."""

    def __init__(  # noqa: PLR0913 - what a process may be given
        self,
        config: Settings,
        root: Path,
        clock: Clock,
        *,
        channels: tuple[Channel, ...] = (),
        roles: Roles = ALL,
        upgrade: bool = True,
        sample: bool | None = None,
    ) -> None:
        """Open the store, the key and the scripts of `root`. Raises what `bot.cli.complaint` explains.

        `channels`: more than the settings name (the terminal's). `upgrade`: else old tables are refused.
        `sample`: whether drafts may be shown; None: as the settings say.
        """
        self.config = config
        self.clock = clock
        self.roles = roles
        store = opened(config, root, clock, upgrade=upgrade)
        self.database, self.vault, self.imported = store.database, store.vault, store.imported
        self.backup = store.backup
        self.platforms = Platforms(config, clock)
        pulled: tuple[Channel, ...] = (*channels, WebChat())
        drafts = config.sample if sample is None else sample
        self.kit = _kit(config, self.vault, self.platforms, pulled, sample=drafts)
        self.sender = Sender(self.database, self.kit, clock.now)
        self.chats = Chats(self.database, self.kit, clock.now)
        self.served = self.platforms.channels if Role.DISPATCH in roles else {}
        self._hinting = self._hints(frozenset(one.account for one in pulled))
        outgoing = Outgoing(self.sender, self._hinting, self.served.keys())
        pages = Pages(self.chats, self._hinting)
        self.inbound = Inbound(self.database, self.kit, outgoing, pages, clock.now)
        erasures = ErasureLog(config.erasures_log)
        self.agenda = Agenda(self.database, self.kit, self.inbound, outgoing, erasures)
        self.keeping = Keeping(self.database, self.vault, _kept(config))
        self.metrics = Metrics(self.database, self.sender, clock.now, self.inbound.arrivals)
        self._beginning = Beginning(
            self.platforms.channels, self._prepare, self.sender.limiter.paced, self.kit, clock.now
        )
        self._readiness = Readiness(self.database, clock.now)
        self._metronome = Metronome()
        self._listeners = Listeners()
        self._tasks: list[asyncio.Task[Any]] = []

    # --- serving ---

    async def start(self) -> None:
        """Do what the roles ask for.

        Raises OSError for a taken port, AccountError when the only platform cannot be made ready.
        """
        asyncio.get_running_loop().set_exception_handler(_lost)
        await self._take_over()
        if Role.INGEST in self.roles:
            await self._beginning.begin()
            web = self.config.web
            await self._listeners.open(PUBLIC, public_app(self._site()), web.host, web.port)
        internal = internal_app(self._readiness.missing, self.metrics.text)
        web = self.config.web
        await self._listeners.open(INTERNAL, internal, web.internal_host, web.internal_port)
        if self._hinting is not None:
            self._hinting.listen(self.config.storage.url)
        self._tasks += self.sender.serve(self.served)
        self._poll()
        await self._begin_beating()
        spare_the_collector()

    async def stop(self) -> None:
        """Readiness off, stop taking, finish what is in flight, give back leases, close."""
        self._readiness.stopping = True
        ending = Ending()
        for task in self._tasks:
            task.cancel()
        tasks = asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(
            ending.of("public listener", self._listeners.close(PUBLIC), BEFORE_DRAIN),
            ending.of("tasks", tasks, BEFORE_DRAIN),
            ending.of("beating", self._metronome.stop(STOP_SECONDS), BEFORE_DRAIN),
        )
        await ending.of("downloads", self.agenda.downloads.stop(), BEFORE_DRAIN)
        if self._hinting is not None:
            await ending.of("hints", self._hinting.close(), BEFORE_DRAIN)
        await ending.of("settling", self.database.settled(), BEFORE_DRAIN)
        await ending.of("sending", self.sender.drain(STOP_SECONDS))
        await ending.of("platforms", self.platforms.close())
        await ending.of("internal listener", self._listeners.close(INTERNAL))
        await ending.of("store", self.database.close())

    async def failed(self) -> None:
        """Return when a part that should run for ever has ended, raising what ended it."""
        if self._tasks:
            done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        else:
            await asyncio.Event().wait()

    async def tick(self) -> None:
        """Do what is due. Trouble is logged, and a store that stays away makes the tick late."""
        now = self.clock.now()
        await self.agenda.tick(now)
        await guarded("keeping", self.keeping.tick(now))
        await guarded("noting", self.database.run(lambda conn: ticks.note(conn, self.clock.now())))

    async def words(self) -> Words:
        """The words of the live Release."""
        return (await self.database.read(self.kit.library.live)).words

    def chat_url(self) -> str:
        """Where the web chat is, once listening."""
        return f"{self._listeners.url(PUBLIC)}/chat"

    def internal_url(self) -> str:
        """Where health and metrics are, once listening."""
        return self._listeners.url(INTERNAL)

    # --- pieces ---

    def _hints(self, pulled: frozenset[str]) -> Hinting | None:
        """One process serves a SQLite file: nobody else is there to be told."""
        if self.database.dialect == "sqlite":
            return None
        pushed = self.platforms.channels.keys()
        return Hinting(self.database, self.sender, self.chats, pushed=pushed, pulled=pulled)

    async def _take_over(self) -> None:
        """Free what a killed process was at: one process serves a file, so no lease need run out."""
        if self.database.dialect == "sqlite":
            now = self.clock.now()
            ended = now + LEASE + timedelta(seconds=1)
            await self.database.run(lambda conn: outbox.rescue(conn, now, leases=ended))
            await self.database.run(lease.free)

    async def _prepare(self, account: str) -> None:
        await self.platforms.make_ready(account, self.database, self.kit.worker, self.words)

    def _poll(self) -> None:
        telegram = self.platforms.telegram
        if Role.INGEST in self.roles and telegram is not None and self.config.telegram.mode == "polling":
            polling = Polling(self.database, self.inbound, telegram, self.kit.worker)
            self._tasks.append(asyncio.create_task(self._polled(polling, telegram.account), name="polling"))

    async def _polled(self, polling: Polling, account: str) -> None:
        await self._beginning.ready(account)
        await polling.always()

    async def _begin_beating(self) -> None:
        """The first tick and the first look at the store are done when this returns."""
        if Role.TICK in self.roles:
            await self.tick()
            self._metronome.every(TICK_SECONDS, self.tick)
        if Role.INGEST in self.roles:
            self._metronome.every(LOOK_SECONDS, self._look)
            self._metronome.every(AGAIN_SECONDS, self._beginning.again)
        await self._measure()
        self._metronome.every(TICK_SECONDS, self._measure)
        self._metronome.start()

    async def _look(self) -> None:
        await guarded("pages", self.chats.look(self.clock.now()))

    async def _measure(self) -> None:
        await guarded("metrics", self.metrics.refresh())

    def _site(self) -> Site:
        return Site(
            name=self.config.bot.name,
            inbound=self.inbound,
            chats=self.chats,
            words=self.words,
            now=self.clock.now,
            seconds=time.monotonic,
            sign=lambda token: self.vault.blind("webchat", token.hex()),
            telegram=self.platforms.telegram_hook(),
            messenger=self.platforms.messenger_hook(),
            trusted_proxies=tuple(ip_network(one) for one in self.config.web.trusted_proxies),
            default_language=self.config.bot.default_language,
            https=self.config.web.public_url.startswith("https://"),
        )


def _kit(
    config: Settings, vault: Vault, platforms: Platforms, pulled: tuple[Channel, ...], *, sample: bool
) -> Kit:
    channels: Mapping[str, Channel] = {one.account: one for one in pulled}
    return Kit(
        vault=vault,
        library=Library(),
        channels={**channels, **platforms.channels},
        worker=f"{os.getpid()}-{secrets.token_hex(4)}",
        lease=LEASE,
        default_language=config.bot.default_language,
        answer_within={centre.id: centre.answer_within for centre in config.centre},
        any_answer_within=max(centre.answer_within for centre in config.centre),
        quiet_hours=QuietHours(*config.bot.quiet_hours, config.bot.timezone),
        backup_days=config.privacy.backup_days,
        sample=sample,
        limits=platforms.limits(),
        approve_above=config.broadcast.approve_above,
    )


def _kept(config: Settings) -> Kept:
    how_long = {one.name: getattr(config.privacy, one.name) for one in fields(Policy)}
    return Kept(Policy(**how_long), config.storage.backup_folder, config.privacy.backup_days)


def _lost(_loop: asyncio.AbstractEventLoop, what: dict[str, Any]) -> None:
    """An exception that nobody waits for: its kind only, as its message may hold words of a person."""
    log.error("task failed", error=type(what.get("exception")).__name__)


def spare_the_collector() -> None:
    """What was built at start lives as long as the process; a step makes many small objects and no cycles.

    Measured by `make bench`: see bench/README.md. A look at 10,000 young objects takes 9 ms; at 50,000 it
    made a transaction of 10 ms one of 60 (`python -m bench.planning`).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 50, 20)
