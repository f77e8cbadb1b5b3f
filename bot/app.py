"""The only place that builds things: settings in, a running Spean out.

Never decides, stores or sends anything itself.
"""

import asyncio
import gc
import os
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import structlog
from aiohttp import web
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import scripts
from bot.channels.channel import Channel
from bot.channels.telegram import setup
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.polling import poll
from bot.channels.webchat.channel import WebChat
from bot.clock import Clock
from bot.config.settings import Settings
from bot.core.contact import LANGUAGES
from bot.core.schedule import QuietHours
from bot.i18n import Words
from bot.runner.agenda import Agenda, guarded
from bot.runner.chat import Chats
from bot.runner.inbound import Inbound
from bot.runner.keeping import Keeping, Kept
from bot.runner.kit import Kit
from bot.runner.library import Library
from bot.runner.metrics import Metrics
from bot.runner.publishing import Imported, import_files
from bot.runner.sender import Sender
from bot.web import server_log
from bot.web.internal import internal_app
from bot.web.public import public_app
from bot.web.site import Site
from bot.web.webhooks import TelegramHook
from storage import erasure, leftovers, migrate, outbox, settings
from storage.database import Database
from storage.erasure import ErasureLog
from storage.faults import StoreFault
from storage.purge import Policy
from storage.seal import Vault

log = structlog.get_logger()

LEASE = timedelta(seconds=60)  # longer than any send may take (facts: channels 2.6, timeouts)
TICK_SECONDS = 5
STOP_SECONDS = 35.0  # sends in flight may finish (facts: reliability, shutdown)
COMMANDS = ("menu", "person", "mydata", "language", "hide", "stop", "help")


class Spean:
    """One process: a store, its channels and its listeners."""

    def __init__(
        self, config: Settings, root: Path, clock: Clock, *, channels: tuple[Channel, ...] = ()
    ) -> None:
        """Open the store (upgraded), the key and the scripts of `root`.

        Raises what `bot.cli.complaint` explains. `channels`: more than the settings name (the terminal's).
        """
        self.config = config
        self.clock = clock
        self.database, self.vault, self.imported = _opened(config, root, clock)
        self.telegram = _telegram(config)
        served = (*channels, WebChat(), *([self.telegram] if self.telegram else []))
        self.kit = _kit(config, self.vault, served)
        self.sender = Sender(self.database, self.kit, clock.now)
        self.chats = Chats(self.database, self.kit, clock.now)
        self.inbound = Inbound(self.database, self.kit, self.sender, self.chats, clock.now)
        erasures = ErasureLog(config.erasures_log)
        self.agenda = Agenda(self.database, self.kit, self.inbound, self.sender, erasures)
        self.keeping = Keeping(self.database, self.vault, _kept(config))
        self.metrics = Metrics(self.database, self.sender, clock.now)
        self._tasks: list[asyncio.Task[Any]] = []
        self._runners: list[web.AppRunner] = []
        self._scheduler: AsyncIOScheduler | None = None
        self._stopping = False

    # --- serving ---

    async def start(self) -> None:
        """Listen, poll, send and tick. Raises OSError for a taken port, AccountError for a wrong token."""
        asyncio.get_running_loop().set_exception_handler(_lost)
        if self.telegram is not None:
            await self._introduce(self.telegram)
        await self._listen(public_app(self._site()), self.config.web.host, self.config.web.port)
        internal = internal_app(self._ready, self.metrics.text)
        await self._listen(internal, self.config.web.internal_host, self.config.web.internal_port)
        await self._take_over()
        pushed = {self.telegram.account: self.telegram} if self.telegram else {}
        self._tasks += self.sender.serve(pushed)
        if self.telegram is not None and self.config.telegram.mode == "polling":
            self._tasks.append(asyncio.create_task(self._poll(self.telegram), name="polling"))
        await self.tick()
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._scheduler.add_job(
            self.tick,
            "interval",
            seconds=TICK_SECONDS,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._scheduler.start()
        _spare_the_collector()

    async def stop(self) -> None:
        """Readiness off, stop taking, finish what is in flight, give back leases, close."""
        self._stopping = True
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.agenda.downloads.stop()
        for runner in self._runners:
            await runner.cleanup()
        await self.sender.drain(STOP_SECONDS)
        if self.telegram is not None:
            await self.telegram.close()
        await self.database.close()

    async def failed(self) -> None:
        """Return when a part that should run for ever has ended, raising what ended it."""
        if self._tasks:
            done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        else:
            await asyncio.Event().wait()

    async def tick(self) -> None:
        """Do what is due. Trouble is logged, and a store that stays away makes the tick late (`_ready`)."""
        now = self.clock.now()
        await self.agenda.tick(now)
        await guarded("keeping", self.keeping.tick(now))
        await guarded("pages", self.chats.look(now))
        await guarded("metrics", self.metrics.refresh())

    def chat_url(self) -> str:
        """Where the web chat is, once listening."""
        host, port = self._runners[0].addresses[0][:2]
        return f"http://{host}:{port}/chat"

    # --- pieces ---

    async def _take_over(self) -> None:
        """Free what a killed process was sending: one process serves a file, so no lease need run out."""
        if self.database.dialect == "sqlite":
            ended = self.clock.now() + LEASE + timedelta(seconds=1)
            await self.database.run(lambda conn: outbox.rescue(conn, ended))

    async def _listen(self, app: web.Application, host: str, port: int) -> None:
        runner = web.AppRunner(app, access_log=None, logger=server_log.LOGGER, shutdown_timeout=STOP_SECONDS)
        await runner.setup()
        self._runners.append(runner)
        await web.TCPSite(runner, host, port).start()

    def _site(self) -> Site:
        hook = None
        secret = self.config.telegram.webhook_secret
        if self.telegram is not None and self.config.telegram.mode == "webhook" and secret is not None:
            hook = TelegramHook(self.telegram.account, secret.get_secret_value().encode())
        return Site(
            name=self.config.bot.name,
            inbound=self.inbound,
            chats=self.chats,
            words=self.words,
            now=self.clock.now,
            seconds=time.monotonic,
            sign=lambda token: self.vault.blind("webchat", token.hex()),
            telegram=hook,
            trusted_proxies=tuple(ip_network(one) for one in self.config.web.trusted_proxies),
            default_language=self.config.bot.default_language,
            https=self.config.web.public_url.startswith("https://"),
        )

    async def words(self) -> Words:
        """The words of the live Release."""
        return (await self.database.read(self.kit.library.live)).words

    async def _ready(self) -> Mapping[str, str]:
        """What keeps traffic away: a store that cannot be written or is of another version, a late tick."""
        missing: dict[str, str] = {}
        try:
            await self.database.run(lambda conn: settings.put(conn, "ready", self.clock.now().isoformat()))
            await asyncio.to_thread(migrate.require_current, self.database)
        except StoreFault as fault:
            missing["store"] = type(fault).__name__
        if self._stopping:
            missing["process"] = "stopping"
        last = self.metrics.last_tick
        if last is None or self.clock.now() - last > timedelta(seconds=3 * TICK_SECONDS):
            missing["tick"] = "late"
        return missing

    async def _introduce(self, telegram: TelegramChannel) -> None:
        await setup.identify(telegram)
        words = await self.words()
        said = {
            language: setup.Introduction(
                commands={name: words.say(f"bot.command.{name}", language) for name in COMMANDS},
                description=words.say("bot.description", language),
                short=words.say("bot.short-description", language),
            )
            for language in LANGUAGES
        }
        await setup.introduce(telegram, said, self.config.bot.default_language)
        secret = self.config.telegram.webhook_secret
        if self.config.telegram.mode == "webhook" and secret is not None:
            base = self.config.web.public_url or f"http://{self.config.web.host}:{self.config.web.port}"
            await setup.set_webhook(telegram, f"{base}/webhook/telegram", secret.get_secret_value())
        else:
            await setup.delete_webhook(telegram)

    async def _poll(self, telegram: TelegramChannel) -> None:
        name = f"offset:{telegram.account}"
        known = await self.database.read(lambda conn: settings.get(conn, name))

        async def confirm(offset: int) -> None:
            await self.database.run(lambda conn: settings.put(conn, name, str(offset)))

        await poll(telegram, lambda raw: self.inbound.take(telegram.account, raw), int(known or 0), confirm)


def _opened(config: Settings, root: Path, clock: Clock) -> tuple[Database, Vault, Imported]:
    """The store, upgraded, its key, and what came of importing the scripts of `root`."""
    if left := leftovers.sweep(config.storage.url, config.storage.backup_folder):
        log.warning("left by a restore that broke off, deleted", files=[path.name for path in left])
    database = Database.open(config.storage.url, serve=True)
    try:
        vault = settings.unlock(database, config.storage.master_key_file)
        migrate.upgrade(database)
        database.run_now(lambda conn: settings.check_key(conn, vault))
        erasure.ready(database, ErasureLog(config.erasures_log))
        return database, vault, import_files(database, scripts.read_files(root), clock.now())
    except BaseException:
        database.close_now()
        raise


def _kit(config: Settings, vault: Vault, channels: Sequence[Channel]) -> Kit:
    return Kit(
        vault=vault,
        library=Library(),
        channels={channel.account: channel for channel in channels},
        worker=f"{os.getpid()}-{secrets.token_hex(4)}",
        lease=LEASE,
        default_language=config.bot.default_language,
        answer_within={centre.id: centre.answer_within for centre in config.centre},
        any_answer_within=max(centre.answer_within for centre in config.centre),
        quiet_hours=QuietHours(*config.bot.quiet_hours, config.bot.timezone),
        backup_days=config.privacy.backup_days,
    )


def _kept(config: Settings) -> Kept:
    how_long = {one.name: getattr(config.privacy, one.name) for one in fields(Policy)}
    return Kept(Policy(**how_long), config.storage.backup_folder, config.privacy.backup_days)


def _telegram(config: Settings) -> TelegramChannel | None:
    token = config.telegram.token
    if not config.telegram.enabled or token is None:
        return None
    return TelegramChannel(token.get_secret_value(), config.telegram.api_base)


def _lost(_loop: asyncio.AbstractEventLoop, what: dict[str, Any]) -> None:
    """An exception that nobody waits for: its kind only, as its message may hold words of a person."""
    log.error("task failed", error=type(what.get("exception")).__name__)


def _spare_the_collector() -> None:
    """What was built at start lives as long as the process; a step makes many small objects and no cycles.

    Measured by `make bench`: see bench/README.md.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
