"""`spean activity call-list`: whom to call as no reminder, correction or offer has reached them, by commune.

Never names whoever has not agreed to a call or for whom one is not safe; and never without an audit line.
"""

from itertools import groupby

import typer
from sqlalchemy import Connection

from bot.cli.activity_known import Number, book_of, kept_of, need
from bot.cli.options import BOT_TOML, As, Config, Json
from bot.cli.output import json_line, say
from bot.cli.store import opened
from bot.core.activity import Activity
from bot.core.activity_words import day_of
from bot.core.message import Line
from bot.runner.library import Library
from bot.runner.reminder_letters import place
from bot.runner.render import Voice
from bot.scripts import Release
from storage import audit, call_list
from storage.call_list import Callee, CallList
from storage.staff import Action

EXPORT: Action = "contact.export"
SENTENCES = {
    "reminder": "reminder.call",
    "changed": "reminder.call-changed",
    "cancelled": "reminder.call-cancelled",
    "seat": "reminder.call-seat",
}
DISCREET = "reminder.call-discreet"


def list_calls(
    ctx: typer.Context, number: Number, *, who: As = "", config: Config = BOT_TOML, as_json: Json = False
) -> None:
    """List whom to call about it, commune by commune, to be printed: name, number, safe hour, what to say."""

    def read(conn: Connection) -> tuple[Activity, CallList, Release]:
        one = kept_of(conn, ctx, number).activity
        need(scope, EXPORT, one.centre)
        found = call_list.due(conn, store.vault, one)
        what = f"activity {number} call-list {len(found.callees)}"
        audit.record(conn, scope.staff_id or None, EXPORT, what, store.now)
        return one, found, library.live(conn)

    with opened(config) as store:
        scope, library = store.scope(who), Library()
        one, found, live = store.run(read)
        places = book_of(store).places
    for code, callees in groupby(found.callees, key=lambda callee: callee.place):
        name = f"{places.name(code, 'km')} · {places.name(code, 'en')}" if code else "?"
        if not as_json:
            typer.echo(f"\n{name}")
        for callee in callees:
            sentence = _sentence(one, callee, live)
            if as_json:
                cells = {"commune": code, "name": callee.name, "number": callee.number}
                json_line(cells | {"hours": callee.hours, "what": callee.occasion, "say": sentence})
            else:
                typer.echo(f"☐ {callee.name or '–'} · {callee.number} · {callee.hours} · {sentence}")
    if not found.callees:
        say("nobody needs to be called")
    if found.damaged:
        say(f"{found.damaged} more left out: what they told us does not open (spean doctor)")


def _sentence(one: Activity, callee: Callee, live: Release) -> str:
    """One neutral sentence in their language: whoever answers the phone may hear it."""
    sheet, language = one.sheet, callee.language
    voice = Voice(live.words, live.words, live.book, language, {})
    if callee.discreet:
        return voice.say(Line(DISCREET))
    said = Line(
        SENTENCES[callee.occasion],
        {"day": day_of(sheet)}
        if callee.occasion == "cancelled"
        else {"when": sheet.starts_at, "where": place(sheet, language)},
    )
    return voice.say(said)
