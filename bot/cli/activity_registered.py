"""`spean activity registered`: who comes, with whom and with which needs, for whoever prepares the day.

Never shown without a line in the audit, and never to who may not note who came.
"""

from collections.abc import Mapping

import typer
from sqlalchemy import Connection

from bot.cli.activity_known import Number, seen, stops_of
from bot.cli.options import BOT_TOML, As, Config, Json
from bot.cli.output import say, table
from bot.cli.store import opened
from storage import audit, door_list, registrations
from storage.registrations import Listed

COLUMNS = ("contact", "name", "answer", "seat", "adults", "children", "stop", "needs", "came")
READ = "activity.names"  # of the audit, as at the door


def registered(
    ctx: typer.Context, number: Number, *, who: As = "", config: Config = BOT_TOML, as_json: Json = False
) -> None:
    """List who is registered, by contact: name, party, bus stop, needs, seat, and how many of them came."""

    def read(conn: Connection) -> list[tuple[object, ...]]:
        seen(conn, ctx, scope, number)
        stops = stops_of(conn, number, lambda name: name.read_in("km"))
        listed = registrations.by_activity(conn, number, store.vault)
        come = [one for one in listed if one.registration.coming != "cannot"]
        return [_row(one, stops, door_list.name(conn, store.vault, one.contact_id)) for one in come]

    with opened(config) as store:
        scope = store.scope(who)
        found = store.read(read)
        what = f"activity {number} registered {len(found)}"
        store.run(lambda conn: audit.record(conn, scope.staff_id or None, READ, what, store.now))
    table(COLUMNS, found, as_json=as_json)
    if not found:
        say("nobody is registered")


def _row(one: Listed, stops: Mapping[str, str], name: str) -> tuple[object, ...]:
    said, party = one.registration, one.registration.party
    needs = " ".join(need for need in ("childcare", "mobility") if getattr(party, need))
    return (
        one.contact_id,
        name,
        said.coming,
        said.seat,
        party.adults,
        party.children,
        stops.get(party.stop, party.stop),
        needs,
        one.came,
    )
