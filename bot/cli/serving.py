"""`spean run`: everything in one process; `spean serve`: some of it, beside other processes.

Never serves half of what was asked: what cannot start stops the rest.
"""

import asyncio
import contextlib
import errno
import logging
import os
import re
import signal
from pathlib import Path
from typing import Annotated

import typer

from bot.app import Spean
from bot.cli.complaint import complaints
from bot.cli.here import stand
from bot.cli.journal import write_logs
from bot.cli.options import BOT_TOML, Config, Data
from bot.cli.output import say
from bot.cli.refused import Refused
from bot.cli.signing import EITHER, SIGN, unsigned
from bot.clock import SystemClock
from bot.config import Settings, load
from bot.process import roles as known_roles
from bot.process import samples
from bot.process.roles import ALL, EVERYTHING, Role, Roles
from bot.runner.publishing import Imported

Port = Annotated[int | None, typer.Option(min=0, max=65535, help="The public port; 0 takes any free one.")]
RoleNames = Annotated[
    list[str],
    typer.Option(
        "--role", metavar="ROLE", help="all, or ingest, dispatch, tick; several with commas or again."
    ),
]


def run(port: Port = None, data: Data = None, *, config: Config = BOT_TOML) -> None:
    """Start the bot: store, web chat, channels of the settings. Ctrl-C stops it cleanly."""
    settings = load(config, os.environ)
    if data is not None:
        settings = settings.kept_in(data)
    stand(config, settings, anywhere=True)
    write_logs(logging.INFO)
    spean = Spean(_listening(settings, port), Path(), SystemClock())
    if spean.backup is not None:
        say(f"the tables were brought to this version; the store as it was is kept in {spean.backup}")
    tell_imported(spean.imported)
    samples.settle(spean.database, spean.kit, spean.clock.now())
    asyncio.run(_serve(spean))


def serve(role: RoleNames, port: Port = None, *, config: Config = BOT_TOML) -> None:
    """Do one part of the work, or several, beside other processes on PostgreSQL. SIGTERM stops it cleanly."""
    settings = load(config, os.environ)
    roles = _roles(role, settings)
    stand(config, settings, anywhere=True)
    write_logs(logging.INFO)
    spean = Spean(_listening(settings, port), Path(), SystemClock(), roles=roles, upgrade=False)
    tell_imported(spean.imported)
    if not spean.kit.sample:
        samples.end(spean.database, spean.clock.now())
    asyncio.run(_serve(spean))


def tell_imported(imported: Imported) -> None:
    """Say when the files did not become the live Release, and what to do."""
    if imported.broken is not None:
        whose = "the store's " if imported.of_store else ""
        for complaint in complaints(imported.broken):
            say(f"{whose}{complaint.where} · {complaint.what} · {EITHER if whose else complaint.cure}")
        say(f"the {'' if whose else 'last good '}Release {imported.digest[:12]} stays live")
    if imported.outcome == "both-changed":
        say(f"dialogs/ · files and store were both changed; the store's stay live · {EITHER}")
    if imported.outcome == "unsigned":
        say(f"dialogs/ · {unsigned(imported.legal)}; the store's stay live · {SIGN}")


def _listening(settings: Settings, port: int | None) -> Settings:
    return settings if port is None else settings.listening_on(port)


def _roles(written: list[str], settings: Settings) -> Roles:
    """What was asked for. Raises Refused."""
    roles = known_roles.read(",".join(written))
    if roles is None:
        names = ", ".join([EVERYTHING, *Role])
        raise Refused("--role", "there is no such role", f"write {names}", status=2)
    if roles != ALL and settings.storage.url.startswith("sqlite"):
        what = "one process serves a SQLite store, and does everything"
        raise Refused("--role", what, "write --role all, or let [storage] url name a PostgreSQL", status=2)
    return roles


async def _serve(spean: Spean) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    try:
        await _start(spean)
        if Role.INGEST in spean.roles:
            typer.echo(f"chat {spean.chat_url()}")
        if spean.roles != ALL:
            typer.echo(f"internal {spean.internal_url()}")
        waits = [asyncio.ensure_future(told.wait()), asyncio.ensure_future(spean.failed())]
        done, left = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for task in left:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for task in done:
            task.result()
    finally:
        await spean.stop()


async def _start(spean: Spean) -> None:
    try:
        await spean.start()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise port_taken(error, spean.config) from error


def port_taken(error: OSError, settings: Settings) -> Refused:
    """Which of our two ports another program has: asyncio's words end with the address it could not take."""
    cures = {
        "[web] port": (settings.web.port, "choose another with --port or [web] port"),
        "[web] internal_port": (settings.web.internal_port, "choose another [web] internal_port"),
    }
    named = re.search(r"\('[^']*', (\d+)", str(error))
    meant = [key for key, (port, _) in cures.items() if named and port == int(named[1])] or list(cures)
    cure = " and ".join(cures[key][1] for key in meant)
    return Refused(" or ".join(meant), "the port is in use", f"stop the other program, or {cure}")
