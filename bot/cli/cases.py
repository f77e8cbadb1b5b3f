"""`spean case`: the people who wait for a human, and answering them.

Never shows more than `--as` may see.
"""

from dataclasses import asdict
from itertools import groupby
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from bot.cli.options import BOT_TOML, As, Config, DryRun, In, Json, Yes
from bot.cli.output import agreed, json_line, say, table
from bot.cli.people import case_of, checked, desk, queued, settled
from bot.cli.readable import answered, local, plain, voice
from bot.cli.refused import Refused
from bot.cli.store import Store, opened
from bot.runner import desk as at_desk
from bot.runner.desk import Told
from storage import audit, case_rows, cases, conversation, people, submissions
from storage.case_rows import CaseRow
from storage.submissions import AnswerRow

commands = typer.Typer(no_args_is_help=True, help="People who wait for a human.")

Case = Annotated[
    str, typer.Argument(metavar="CASE", help="The case's number, such as PU-2026-00007, or its id.")
]
COLUMNS = (
    "id",
    "number",
    "kind",
    "urgent",
    "centre",
    "state",
    "taken_by",
    "opened_at",
    "answer_by",
    "call_by",
)


@commands.command("list")
def list_(
    *,
    who: As = "",
    state: Annotated[
        str, typer.Option(help="open, taken or closed; without it whatever is not finished.")
    ] = "",
    centre: Annotated[str, typer.Option(help="Only this centre's.")] = "",
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """List cases: danger, then what is urgent, then the earliest promise."""
    with opened(config) as store:
        scope = store.scope(who)
        found = store.read(lambda conn: cases.list_(conn, scope, state=state or None, centre=centre or None))
        rows = [[shown[name] for name in COLUMNS] for one in found if (shown := _shown(one, store))]
    table(COLUMNS, rows, as_json=as_json)


@commands.command()
def show(
    ref: Case, *, language: In = "km", who: As = "", config: Config = BOT_TOML, as_json: Json = False
) -> None:
    """Show a case and what the person answered."""

    def read(conn: Connection) -> tuple[CaseRow, list[AnswerRow]]:
        case = case_of(conn, scope, ref)
        audit.record(conn, scope.staff_id or None, "case.show", f"case {case.id}", store.now)
        if case.contact_id is None or not conversation.may_read_person(conn, scope, case.contact_id):
            return case, []
        key = people.key_of(conn, store.vault, case.contact_id)
        told = submissions.answers_of(conn, key, case.contact_id)
        hidden = case_rows.hidden_answers(conn, scope, case.contact_id)
        return case, [one for one in told if case.submission_no in (None, one.no) and one.no not in hidden]

    with opened(config) as store:
        scope = store.scope(who)
        case, told = store.run(read)
        shown = _shown(case, store)
        if as_json:
            json_line({**shown, "answers": [plain(one) for one in told]})
            return
        said = store.read(lambda conn: voice(conn, language))
    for name, value in shown.items():
        typer.echo(f"{name}: {'' if value is None else value}")
    for no, its in groupby(told, key=lambda one: one.no):
        rows = list(its)
        typer.echo(f"\nsubmission {no}: {rows[0].dialog}, {rows[0].subject}")
        for one in rows:
            typer.echo(answered(one, said))
    if any(one.how == "heard" for one in told):
        say(f"to listen: spean conversation show {ref} {f'--as {who} ' if who else ''}--media DIR")


@commands.command()
def take(ref: Case, who: As, *, config: Config = BOT_TOML) -> None:
    """Take a case: you have the chat, and the bot is silent."""
    with opened(config) as store:
        scope, tools = store.scope(_named(who)), desk(store)
        taken = store.run(
            lambda conn: at_desk.take(conn, tools, scope, case_of(conn, scope, ref).id, store.now)
        )
        case = settled(ref, taken)
    say(f"case {case.number or case.id} is yours; answer with: spean case reply {ref} --as {who} TEXT")


@commands.command()
def reply(
    ref: Case,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Your words.")],
    who: As,
    *,
    config: Config = BOT_TOML,
) -> None:
    """Answer the person of a case that you have taken."""

    def answer(conn: Connection) -> str:
        case = case_of(conn, scope, ref)
        if case.taken_by != scope.name:
            raise Refused(f"case {ref}", "you have not taken it", f"spean case take {ref} --as {who}")
        if case.contact_id is None:
            return queued(f"case {ref}", Told.GONE, "the person has erased their data")
        told = at_desk.reply(conn, tools, scope, case.contact_id, words, store.now, case=case)
        return queued(f"case {ref}", told, "nobody knows who wrote it, or they are erasing their data")

    with opened(config) as store:
        scope, tools = store.scope(_named(who)), desk(store)
        words = checked(text)
        said = store.run(answer)
    say(said)


@commands.command()
def release(ref: Case, who: As, *, config: Config = BOT_TOML) -> None:
    """Give a case back to the list, and the chat to the bot."""
    with opened(config) as store:
        scope, tools = store.scope(_named(who)), desk(store)
        given = store.run(
            lambda conn: at_desk.release(conn, tools, scope, case_of(conn, scope, ref).id, store.now)
        )
        case = settled(ref, given)
    say(f"case {case.number or case.id} waits again for whoever takes it; the bot has the chat")


@commands.command()
def close(
    ref: Case,
    who: As,
    outcome: Annotated[str, typer.Option(help="How it ended, in one word.")] = "answered",
    *,
    yes: Yes = False,
    dry_run: DryRun = False,
    config: Config = BOT_TOML,
) -> None:
    """Close a case; the chat is the bot's again."""
    with opened(config) as store:
        scope, tools = store.scope(_named(who)), desk(store)
        case = store.read(lambda conn: case_of(conn, scope, ref))
        if dry_run:
            say(f"case {case.number or case.id} ({case.state}) would be closed as {outcome}")
            return
        if not agreed(f"Close case {case.number or case.id}?", yes=yes):
            raise typer.Exit(1)
        settled(ref, store.run(lambda conn: at_desk.close(conn, tools, scope, case.id, outcome, store.now)))
    say(f"case {case.number or case.id} is closed as {outcome}; the bot has the chat")


def _named(who: str) -> str:
    if not who:
        raise Refused("--as", "a case is taken by somebody", "write --as and your name", status=2)
    return who


def _shown(case: CaseRow, store: Store) -> dict[str, Any]:
    zone = store.settings.bot.timezone
    times = ("opened_at", "answer_by", "call_by", "taken_at", "closed_at", "erased_at", "eased_at")
    return asdict(case) | {name: local(getattr(case, name), zone) or None for name in times}
