"""What staff do with the answers: take one back, see what nothing answers, put a wrong one right.

Never shows who asked what nothing answers: nobody knows.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Annotated

import typer
from sqlalchemy import Connection

from bot.cli import standing
from bot.cli.options import BOT_TOML, As, Config, DryRun, Json, Yes
from bot.cli.output import agreed, counted, json_line, say, table
from bot.cli.people import centres, desk
from bot.cli.refused import Refused
from bot.cli.signing import By, With, both, signed
from bot.cli.standing import Standing
from bot.cli.store import Store, opened
from bot.core.faq import Entry
from bot.runner.correcting import correct, still_said
from storage import answers, audit, conversation, corrected, missed
from storage.corrected import State, Wrong
from storage.missed import Missed
from storage.staff import Scope

REASON = 200  # characters
Id = Annotated[str, typer.Argument(metavar="ID", help="The entry's id, such as q01-wages-owed.")]
Why = Annotated[str, typer.Option("--reason", help="Why, for your colleagues; nobody's name or story.")]
Version = Annotated[str, typer.Option("--version", metavar="V", help="Only as it was then.")]
Was = Annotated[
    str, typer.Option("--version", metavar="V", help="The version that was wrong (spean faq seen).")
]
DONE = {"queued", "told already", "queued already", "erased"}
CORRECTION = {"told": "told that it was wrong", "waits": "will be told"}
MISSED = ("words", "count", "first", "last", "centre", "language")


def withdraw(entry_id: Id, by: By = "", reason: Why = "", *, config: Config = BOT_TOML) -> None:
    """Take an answer back at once: from now on only what is sure is said."""
    if len(reason) > REASON:
        raise Refused("--reason", f"it is longer than {REASON} characters", "say it shorter", status=2)
    with opened(config) as store:
        who, entry = signed(store, by), standing.of_store(store).entry(entry_id)

        def work(conn: Connection) -> bool:
            done = answers.withdraw(conn, entry.id, entry.version, who.staff_id, reason, store.now)
            if done:
                audit.record(conn, who.staff_id, "faq.withdraw", entry.id, store.now)
            return done

        if not store.run(work):
            raise Refused(f"entry {entry_id}", "it is withdrawn already", "spean faq show tells by whom")
    say(f"{entry_id} is taken back; who saw it: spean faq seen {entry_id}")


def restore(entry_id: Id, by: By = "", other: With = "", *, config: Config = BOT_TOML) -> None:
    """Let an answer be said again that was taken back; a legal one needs two members of staff."""
    with opened(config) as store:
        entry = standing.of_store(store).entry(entry_id)
        if entry.kind == "legal":
            who, second = both(store, by, other, f"entry {entry_id}")
            what = f"{entry.id} with staff {second.staff_id}"
        else:
            who, what = signed(store, by), entry.id

        def work(conn: Connection) -> bool:
            done = answers.restore(conn, entry.id)
            if done:
                audit.record(conn, who.staff_id, "faq.restore", what, store.now)
            return done

        if not store.run(work):
            raise Refused(f"entry {entry_id}", "it is not withdrawn", "spean faq list shows what is")
    say(f"{entry_id} is said again")


def misses(
    *,
    centre: Annotated[str, typer.Option(help="Only this centre's.")] = "",
    who: As = "",
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """List what people asked and nothing answers, without digits and names; the most frequent first."""
    with opened(config) as store:
        scope = store.scope(who)
        within = centres(scope, "conversation.read", centre)

        def read(conn: Connection) -> list[Missed]:
            audit.record(conn, scope.staff_id or None, "faq.misses", centre or "all", store.now)
            return missed.list_(conn, store.vault, within)

        found = [one for one in store.run(read) if not centre or one.centre == centre]
    lost = sum(one.words is None for one in found)
    table(MISSED, _counted(found), as_json=as_json)
    if lost:
        say(f"{lost} more do not open under this key")


def seen(
    entry_id: Id,
    version: Version = "",
    *,
    who: As = "",
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """List who was shown an answer, by contact, and in which versions it was shown."""
    with opened(config) as store:
        scope = store.scope(who)

        def read(conn: Connection) -> tuple[list[int], int, list[tuple[str, int]], Mapping[int, State]]:
            audit.record(conn, scope.staff_id or None, "faq.seen", entry_id, store.now)
            whole = answers.seen_by(conn, entry_id, version or None)
            mine = [one for one in whole if conversation.may_read_person(conn, scope, one)]
            known = [(name, count) for name, count, _ in answers.versions(conn, entry_id)]
            states = corrected.states(conn, Wrong(entry_id, version)) if version else {}
            return mine, len(whole), known, states

        mine, count, known, states = store.run(read)
        if not known:
            standing.of_store(store).entry(entry_id)  # refuses what is no entry
    shown = [{"version": name, "contacts": number} for name, number in known]
    now = {state: [one for one in mine if states.get(one) == state] for state in ("told", "waits")}
    if as_json:
        told = {"told": now["told"], "waits": now["waits"]} if version else {}
        json_line({"id": entry_id, "contacts": count, "ids": mine, "versions": shown, **told})
        return
    typer.echo(f"{counted(count, 'person was', 'people were')} shown {entry_id}")
    for one in shown:
        typer.echo(f"version {one['version']}: {one['contacts']}")
    typer.echo(f"contacts: {', '.join(map(str, mine))}")
    for state, ids in now.items() if version else ():
        typer.echo(f"{CORRECTION[state]}: {', '.join(map(str, ids))}")
    if count > len(mine):
        say(f"{count - len(mine)} of them are people whom you may not read")


def correct_(  # noqa: PLR0913 - one per option
    entry_id: Id,
    version: Was,
    by: By = "",
    *,
    yes: Yes = False,
    dry_run: DryRun = False,
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Send what is right now, once, to everybody who was shown that version; after the quiet hours."""
    with opened(config) as store:
        who, stands = signed(store, by), standing.of_store(store)
        wrong = Wrong(entry_id, version)
        _refuse_right(stands, stands.entry(entry_id), version, store.now)
        whole = store.read(lambda conn: corrected.left(conn, wrong))
        if dry_run and as_json:
            json_line({"id": entry_id, "version": version, "would be told": len(whole)})
            return
        if dry_run:
            would = f"{counted(len(whole), 'person', 'people')} would be told that {entry_id} was wrong"
            say(f"{would}, but for those who want nothing")
            return
        if not whole:
            raise Refused(
                f"{entry_id} {version}", "nobody is left to be told", "spean faq seen lists versions"
            )
        if not agreed(f"Tell {counted(len(whole), 'person', 'people')} that {entry_id} was wrong?", yes=yes):
            raise typer.Exit(1)
        outcomes = _corrected(store, wrong, whole, who)
    counts = Counter(outcomes.values())
    if as_json:
        json_line({"id": entry_id, "version": version, **counts})
        return
    for outcome, number in sorted(counts.items()):
        typer.echo(f"{number} {outcome}")
    if left := [number for number, outcome in outcomes.items() if outcome not in DONE]:
        say(f"not told, so call them if you can: contacts {', '.join(map(str, left))}")
    say(f"who was told in the end: spean faq seen {entry_id} --version {version}")


def _corrected(store: Store, wrong: Wrong, whole: Sequence[int], who: Scope) -> Mapping[int, str]:
    """Each in a transaction of their own, as things are by then; what became of it, by contact."""
    tools, what = desk(store), f"{wrong.entry} {wrong.version}"
    store.run(lambda conn: audit.record(conn, who.staff_id, "faq.correct", what, store.now))
    outcomes: dict[int, str] = {}
    for number in whole:
        work = partial(correct, desk=tools, wrong=wrong, contact_id=number, now=store.now)
        outcomes[number] = store.run(work)
    return outcomes


def _refuse_right(stands: Standing, entry: Entry, version: str, now: datetime) -> None:
    """What is said today is not corrected. Raises Refused."""
    if still_said(stands.shelf, entry, version, now):
        cure = "first publish what is right, or spean faq withdraw"
        raise Refused(f"{entry.id} {version}", "this is what is said today", cure)


def _counted(found: list[Missed]) -> list[tuple[object, ...]]:
    """Questions that are the same, once each: how often, and the first and last day."""
    groups: dict[tuple[str, str, str], list[date]] = {}
    for one in found:
        if one.words is not None:
            groups.setdefault((one.words, one.centre or "", one.language), []).append(one.day)
    often = sorted(groups.items(), key=lambda one: (len(one[1]), max(one[1])), reverse=True)
    return [
        (words, len(days), min(days), max(days), centre or None, language)
        for (words, centre, language), days in often
    ]


COMMANDS: Mapping[str, Callable[..., None]] = {
    "withdraw": withdraw,
    "restore": restore,
    "misses": misses,
    "seen": seen,
    "correct": correct_,
}
