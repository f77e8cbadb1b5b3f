"""`spean delivery`: what did not arrive, sent again or dropped, and how each account stands.

Never shows words, nor more than `--as` may see.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Annotated, Literal

import typer
from sqlalchemy import Connection

from bot.cli.options import BOT_TOML, MOST, As, Config, DryRun, Json, Yes
from bot.cli.output import agreed, say, table
from bot.cli.readable import local
from bot.cli.refused import Refused
from bot.cli.store import Store, opened
from bot.core import pace as pacing
from storage import audit, grants, letters, pace
from storage.letters import STATES, Fate, Letter
from storage.parts import Lane
from storage.staff import Scope

commands = typer.Typer(no_args_is_help=True, help="What did not arrive, and how each account stands.")

COLUMNS = ("id", "contact", "account", "lane", "state", "reason", "at", "tries")
STANDING = ("account", "rate", "ceiling", "paused_until", "stopped", "refused", "templates", "human_agent")
Parts = Annotated[
    list[int], typer.Argument(min=0, max=MOST, metavar="ID…", help="Numbers of `spean delivery list`.")
]
Which = Annotated[Literal["failed", "unknown", "held"] | None, typer.Option("--state", help="Only these.")]


@commands.command("list")
def list_(
    *,
    state: Which = None,
    account: Annotated[str, typer.Option(metavar="ACCOUNT", help="Only of this one.")] = "",
    last: Annotated[int, typer.Option(min=1, max=100_000, help="How many.")] = 100,
    who: As = "",
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """List messages that failed, may have arrived, or are held; the newest first."""
    states = STATES if state is None else (state,)
    with opened(config) as store:
        scope, zone = store.scope(who), store.settings.bot.timezone
        found = store.read(lambda conn: letters.list_(conn, scope, last, states=states, account_name=account))
    rows = [_row(one, one.at.isoformat() if as_json else local(one.at, zone)) for one in found.letters]
    table(COLUMNS, rows, as_json=as_json)
    if found.hidden:
        say(f"{found.hidden} more are of conversations that you may not read")


@commands.command()
def retry(
    parts: Parts, *, yes: Yes = False, dry_run: DryRun = False, who: As = "", config: Config = BOT_TOML
) -> None:
    """Send messages again that failed or may have arrived; the latter may then arrive twice."""
    question = f"Send {len(parts)} again? Those that are unknown may arrive twice."
    with opened(config) as store:
        do = partial(letters.retry, now=store.now)
        _each(store, store.scope(who), parts, do, "retry", question, yes=yes, dry=dry_run)


@commands.command()
def drop(
    parts: Parts, *, yes: Yes = False, dry_run: DryRun = False, who: As = "", config: Config = BOT_TOML
) -> None:
    """Let messages never be sent: they become cancelled."""
    question = f"Never send {len(parts)}? It cannot be undone."
    with opened(config) as store:
        _each(store, store.scope(who), parts, letters.drop, "drop", question, yes=yes, dry=dry_run)


@commands.command()
def accounts(*, config: Config = BOT_TOML, as_json: Json = False) -> None:
    """List how fast each account may send, whether it is paused or stopped, and what its platform allows."""
    with opened(config) as store:
        zone, now = store.settings.bot.timezone, store.now
        known = store.read(pace.all_)
        may = {name: store.read(partial(grants.of, account=name)) for name in known}

    def told(at: datetime | None) -> str | None:
        return None if at is None or at <= now else at.isoformat() if as_json else local(at, zone)

    rows = [
        (
            name,
            round(one.rate, 1),
            round(one.ceiling, 1),
            told(one.paused_until),
            one.stopped or None,
            one.stops,
            len(may[name].templates),
            may[name].human_agent,
        )
        for name, one in sorted(known.items())
    ]
    table(STANDING, rows, as_json=as_json)


@commands.command()
def resume(account: Annotated[str, typer.Argument(metavar="ACCOUNT")], *, config: Config = BOT_TOML) -> None:
    """Let an account that its platform refused send again at once: you have mended it."""

    def work(conn: Connection) -> bool:
        known = pace.of(conn, account)
        if known is None or not known.stopped:
            return False
        pace.put(conn, account, pacing.resumed(known, store.now), store.now)
        audit.record(conn, None, "delivery.resume", account, store.now)
        return True

    with opened(config) as store:
        if not store.run(work):
            raise Refused(account, "it is not stopped", "spean delivery accounts shows how each stands")
    say(f"{account} sends again within some seconds")


def _row(one: Letter, at: str) -> tuple[object, ...]:
    cells = asdict(one) | {"lane": Lane(one.lane).name.lower(), "at": at}
    return tuple(cells.values())


def _each(  # noqa: PLR0913 - what is done, to which, by whom, and how it is asked
    store: Store,
    scope: Scope,
    parts: list[int],
    do: Callable[..., Fate],
    name: str,
    question: str,
    *,
    yes: bool,
    dry: bool,
) -> None:
    """One or none of them. Raises Refused, naming the first that cannot be."""

    def work(conn: Connection) -> None:
        for part in parts:
            fate = do(conn, scope, part, dry=dry)
            if fate is not Fate.DONE:
                raise Refused(f"part {part}", fate.value, "spean delivery list shows those there are")
            if not dry:
                audit.record(conn, scope.staff_id or None, f"delivery.{name}", f"part {part}", store.now)

    if dry:
        store.run(work)
        say(f"would {name}: {', '.join(map(str, parts))}")
        return
    if not agreed(question, yes=yes):
        raise typer.Exit(1)
    store.run(work)
    say(f"done: {', '.join(map(str, parts))}")
