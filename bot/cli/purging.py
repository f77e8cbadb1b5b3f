"""`spean purge`: forget at once what the settings say is kept no longer.

Never prints more than counts.
"""

from dataclasses import asdict, fields

import typer

from bot.cli.options import BOT_TOML, Config, DryRun, Json, Yes
from bot.cli.output import agreed, json_line, say
from bot.cli.store import Store, opened
from storage import purge as purging
from storage.purge import Policy, Report

MEANT = {
    "raw_updates": "events that met a fault",
    "words": "messages",
    "unconsented_words": "messages of people who had not agreed",
    "files": "files",
    "unfinished": "unfinished forms",
    "closed_cases": "closed cases, of which the counts stay",
    "people": "people",
    "agenda": "appointments of our own",
    "answers_shown": "notes of who saw which answer",
    "questions_missed": "questions that nothing answered",
    "told": "notes of who was told or asked of which activity",
    "enclosures": "pictures and recordings of ours that no announcement shows",
}


def purge(
    *, yes: Yes = False, dry_run: DryRun = False, config: Config = BOT_TOML, as_json: Json = False
) -> None:
    """Forget what was kept long enough ([privacy]); a running server does this every day by itself."""
    with opened(config) as store:
        if dry_run:
            _tell(_purged(store, dry=True), as_json=as_json)
            return
        if not agreed("Forget what was kept long enough? It cannot be undone.", yes=yes):
            raise typer.Exit(1)
        report = _purged(store)
        store.run(lambda conn: purging.remember(conn, store.now, report))
        store.database.sweep_now()
    _tell(report, as_json=as_json)


def _purged(store: Store, *, dry: bool = False) -> Report:
    kept = store.settings.privacy
    policy = Policy(**{one.name: getattr(kept, one.name) for one in fields(Policy)})
    return purging.whole(store.database, store.vault, policy, store.now, dry=dry)


def _tell(report: Report, *, as_json: bool) -> None:
    if as_json:
        json_line(asdict(report))
        return
    counted = {MEANT[name]: number for name, number in asdict(report).items() if number}
    for meant, number in counted.items():
        typer.echo(f"{number} {meant}")
    if not counted:
        say("nothing was kept too long")
