"""`spean broadcast preview` and `approve`: what would become of an announcement, and letting it.

Never counts anybody itself: `runner.previewing` does.
"""

from dataclasses import replace

import typer
from sqlalchemy import Connection

from bot.cli import people
from bot.cli.broadcast_form import Number, allowed, said_fault, stopped
from bot.cli.options import BOT_TOML, As, Config, DryRun, In, Json, Yes
from bot.cli.output import agreed, counted, json_line, say
from bot.cli.readable import local, voice
from bot.cli.refused import Refused
from bot.cli.store import Store, opened
from bot.core.announcement import begins
from bot.core.contact import Contact
from bot.runner import broadcasting, mailing, previewing
from bot.runner.broadcast_letters import looks
from bot.runner.broadcasting import OPEN, Refusal
from bot.runner.notice import Desk
from bot.runner.previewing import Preview
from storage import duty
from storage.staff import Scope


def preview(
    number: Number,
    *,
    copy: bool = typer.Option(False, "--copy", help="Send it to your own chat, where you are on duty."),
    language: In = "km",
    who: As = "",
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Show how many get it, who can not and why, how long it takes and how it looks on each channel."""
    with opened(config) as store:
        scope = store.scope(who)
        seen = _seen(store, scope, number)
        if copy:
            _copied(store, scope, number)
        what = seen.broadcast.announcement
        looked: dict[str, list[str]] = {}

        def draw(conn: Connection) -> str:
            for channel in sorted(mailing.channels(desk := _desk(store))):
                reader = Contact(0, language, channel=channel)
                drawn = looks(conn, desk, what, number, reader)
                looked[channel] = [
                    "\n".join([one.text, *(f"[{button.label}]" for button in one.buttons)]) for one in drawn
                ]
            return voice(conn, "en").say(seen.who)

        said = store.read(draw)
    if as_json:
        json_line(_row(store, seen, said) | {"looks": looked})
        return
    _told(store, seen, said)
    for channel, drawn in looked.items():
        typer.echo(f"\n--- {channel}, {language}")
        typer.echo("\n---\n".join(drawn))


def approve(
    number: Number,
    *,
    who: As = "",
    yes: Yes = False,
    dry_run: DryRun = False,
    config: Config = BOT_TOML,
) -> None:
    """Let it go out; for many people it then waits for a second person, who does the same."""
    where = f"announcement {number}"
    with opened(config) as store:
        scope = store.scope(who)
        seen = _seen(store, scope, number)
        when, people = _when(store, seen, "at once"), counted(seen.people, "person", "people")
        if seen.faults and seen.broadcast.state in OPEN:
            raise stopped(where, seen.faults)
        if dry_run:
            say(f"{where} ({seen.broadcast.state}) would go to {people}, {when}")
            return
        if not agreed(f"Send announcement {number} to {people}, {when}?", yes=yes):
            raise typer.Exit(1)
        limit = store.settings.broadcast.approve_above
        found = store.run(
            lambda conn: broadcasting.approve(
                conn, scope, number, store.now, seen=seen.digest, people=seen.people, limit=limit
            )
        )
        if allowed(where, found).state == "waiting":
            say(f"it waits for a second person: spean broadcast approve {number} --as NAME")
            return
    say(f"{where} goes to {people}, {when}; look on: spean broadcast status {number}")


def _seen(store: Store, scope: Scope, number: int) -> Preview:
    found = store.read(lambda conn: previewing.preview(conn, _desk(store), scope, number, store.now))
    if isinstance(found, Refusal):
        raise stopped(f"announcement {number}", found)
    return found


def _copied(store: Store, scope: Scope, number: int) -> None:
    """To the chat in which whoever asks is on duty."""

    def work(conn: Connection) -> str | None:
        on_duty = duty.members(conn, store.now)
        mine = next((one.contact_id for one in on_duty if one.staff_id == scope.staff_id), None)
        if mine is None:
            return None
        return str(previewing.test_copy(conn, _desk(store), scope, number, mine, store.now))

    became = store.run(work)
    if became is None:
        cure = f"spean staff code {scope.name or 'NAME'}, then write /staff CODE to the bot"
        raise Refused("--copy", "you are on duty in no chat", cure)
    say(f"a test copy to your own chat: {became}")


def _desk(store: Store) -> Desk:
    """The channels that are on; on a sample site, where none is, all of them."""
    desk, chosen = people.desk(store), store.settings
    rates = {
        "telegram": chosen.telegram.rate if chosen.telegram.enabled else 0.0,
        "messenger": chosen.messenger.rate if chosen.messenger.enabled else 0.0,
    }
    on = {name: rate for name, rate in rates.items() if rate}
    speaks = {name: one for name, one in desk.capabilities.items() if name in on}
    return replace(
        desk,
        capabilities=speaks or desk.capabilities,
        approve_above=chosen.broadcast.approve_above,
        rates=on,
    )


def _when(store: Store, seen: Preview, soon: str) -> str:
    """When the first may get it, on the office's clock. `soon`: what is said where it need not wait."""
    zone, at = store.settings.bot.timezone, seen.broadcast.announcement.send_at
    chosen = local(at, zone) if at is not None and at > store.now else soon
    if seen.leaves <= begins(seen.broadcast.announcement, store.now):
        return chosen
    return f"{chosen}; quiet hours then, so not before {local(seen.leaves, zone)}"


def _row(store: Store, seen: Preview, said: str) -> dict[str, object]:
    return {
        "id": seen.broadcast.id,
        "state": seen.broadcast.state,
        "who": said,
        "people": seen.people,
        "reached": dict(seen.reached),
        "waits": seen.waits,
        "not_reached": dict(seen.not_reached),
        "leaves": local(seen.leaves, store.settings.bot.timezone),
        "seconds": int(seen.lasts.total_seconds()),
        "second_person": seen.second,
        "missing": list(seen.missing),
        "faults": [said_fault(one) for one in seen.faults],
    }


def _told(store: Store, seen: Preview, said: str) -> None:
    typer.echo(f"who: {said}")
    if again := seen.broadcast.announcement.repeats:
        typer.echo(f"of these only whom announcement {again} failed to reach")
    for channel, count in seen.reached.items():
        typer.echo(f"{channel}: {count}")
    if seen.waits:
        typer.echo(f"of these {seen.waits} only when they write next: Messenger's window is shut")
    for why, count in seen.not_reached.items():
        typer.echo(f"not reached, {why}: {count}")
    typer.echo(f"people: {seen.people}, in about {seen.lasts}")
    typer.echo(f"leaves: {_when(store, seen, 'once approved')}")
    if not seen.people:
        say(f"nobody would get it; choose others: spean broadcast edit {seen.broadcast.id} --who PART=VALUE")
    if seen.second:
        typer.echo("a second person has to approve it")
    for language in seen.missing:
        say(f"there are no words in {language}: its readers get the other ones")
    for fault in seen.faults:
        say(said_fault(fault))
