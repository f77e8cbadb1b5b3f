"""How announcements stand, in rows; a bar that moves while one is sent; what became of each person.

Never changes one.
"""

import sys
import time
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.cli.broadcast_form import Number, allowed
from bot.cli.options import BOT_TOML, As, Config, Json
from bot.cli.output import counted, json_line, say, table
from bot.cli.readable import local
from bot.cli.store import Store, opened
from bot.core import segment as segments
from bot.runner import broadcasting
from storage import audit, broadcast_report
from storage.broadcast_report import Fate
from storage.broadcasts import Broadcast

LISTED = ("id", "name", "state", "purpose", "centre", "people", "send_at")
FATES = ("contact", "state", "why", "sent_at", "replied_at", "taps")
MOVES = frozenset({"approved", "sending"})
PAGE = 500
LOOK_EVERY = 1.0  # seconds


def status(
    number: Number,
    *,
    who: As = "",
    watch: Annotated[
        bool, typer.Option("--watch/--once", help="Look on while it is sent; on a terminal only.")
    ] = True,
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Tell how far one has come; on a terminal a bar shows it until it is over."""
    with opened(config) as store:
        found, stands = _look(store, who, number)
        if watch and not as_json and sys.stdout.isatty() and found.state in MOVES:
            if not _watched(store, who, number):
                say(
                    f"nobody looks on, announcement {number} goes on; spean broadcast pause {number} holds it"
                )
            found, stands = _look(store, who, number)
        row = shown(store, found) | stands
    if as_json:
        json_line(row)
        return
    row["who"] = "; ".join(f"{part}: {_values(found)}" for part, found in row["who"].items()) or "everybody"
    for name, value in row.items():
        if isinstance(value, dict):
            typer.echo(f"{name}: {', '.join(f'{key} {count}' for key, count in value.items()) or 'nobody'}")
        elif value not in {None, ""}:
            typer.echo(f"{name}: {value}")


def report(number: Number, *, who: As = "", config: Config = BOT_TOML, as_json: Json = False) -> None:
    """List what became of it for each person: sent, failed why, unknown, expired; replies and taps."""
    with opened(config) as store:
        scope = store.scope(who)
        store.run(
            lambda conn: audit.record(
                conn, scope.staff_id or None, "broadcast.report", f"broadcast {number}", store.now
            )
        )
        allowed(f"announcement {number}", store.read(lambda conn: broadcasting.mine(conn, scope, number)))
        rows = [[row[name] for name in FATES] for row in _fates(store, number)]
    table(FATES, rows, as_json=as_json)
    if not as_json:
        say(f"{counted(len(rows), 'person', 'people')}; sum: spean broadcast status {number}")


def shown(store: Store, found: Broadcast) -> dict[str, Any]:
    """One announcement as a row."""
    what, zone = found.announcement, store.settings.bot.timezone
    times = {
        name: local(getattr(found, name), zone) or None for name in ("approved_at", "started_at", "ended_at")
    }
    return {
        "id": found.id,
        "name": what.name,
        "state": found.state,
        "reason": found.reason,
        "purpose": what.purpose,
        "centre": what.centre,
        "who": segments.dump(what.segment),
        "people": found.people,
        "send_at": local(what.send_at, zone) or None,
        "expires": local(what.expires, zone) or None,
        "repeats": what.repeats,
        **times,
    }


def _values(given: list[str] | int) -> str:
    return ", ".join(given) if isinstance(given, list) else str(given)


def _look(store: Store, who: str, number: int) -> tuple[Broadcast, dict[str, Any]]:
    scope = store.scope(who)
    found = store.read(lambda conn: broadcasting.mine(conn, scope, number))
    stands = store.read(lambda conn: broadcast_report.progress(conn, number))
    counts = {"of": stands.people, "ended": stands.ended, "states": dict(stands.states)}
    return allowed(f"announcement {number}", found), counts | {"skipped": dict(stands.skipped)}


def _watched(store: Store, who: str, number: int) -> bool:
    """A bar until it is over or paused; False when somebody pressed Ctrl-C, which stops the looking alone."""
    try:
        _draw(store, who, number)
    except KeyboardInterrupt:
        return False
    return True


def _draw(store: Store, who: str, number: int) -> None:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[states]}"),
    )
    with Progress(*columns, transient=True) as bar:
        task = bar.add_task("", total=None, states="", visible=False)
        while True:
            found, stands = _look(store, who, number)
            states = ", ".join(f"{name} {count}" for name, count in stands["states"].items())
            total = max(found.people or 0, stands["of"]) or None
            told = {"description": found.state, "completed": stands["ended"], "states": states}
            bar.update(task, total=total, visible=True, refresh=True, **told)
            if found.state not in MOVES:
                return
            time.sleep(LOOK_EVERY)


def _fates(store: Store, number: int) -> Iterator[dict[str, Any]]:
    after, zone = 0, store.settings.bot.timezone
    while found := store.read(lambda conn, after=after: broadcast_report.fates(conn, number, after, PAGE)):  # type: ignore[misc]
        for one in found:
            yield _row(one, zone)
        after = found[-1].contact_id


def _row(one: Fate, zone: Any) -> dict[str, Any]:  # noqa: ANN401 - a ZoneInfo
    return {
        "contact": one.contact_id,
        "state": one.state,
        "why": one.why,
        "sent_at": local(one.sent_at, zone) or None,
        "replied_at": local(one.replied_at, zone) or None,
        "taps": " ".join(one.taps),
    }
