"""`spean contact link` and `unlink`: one person in two apps, by a member of staff who knows who it is.

Never merges two people, and never shows a token twice.
"""

from typing import Annotated

import typer
from sqlalchemy import Connection

from bot.cli.conversations import Ref
from bot.cli.options import BOT_TOML, MOST, As, Config, DryRun, Json, Yes
from bot.cli.output import agreed, json_line, say
from bot.cli.people import desk, person_of
from bot.cli.refused import Refused
from bot.cli.store import Store, opened
from bot.runner import links, moving
from storage import audit, chats, link
from storage.people import Person
from storage.staff import Scope, may

AddressId = Annotated[
    int, typer.Argument(min=0, max=MOST, help="The address's number (spean contact show lists them).")
]


def link_(ref: Ref, *, who: As = "", config: Config = BOT_TOML, as_json: Json = False) -> None:
    """Make a link by which a person goes on in another app too. First make sure who asks for it.

    Whoever opens it within 24 hours, once, is that person from then on: it asks for no pictures.
    """
    token = links.new_token()

    def make(conn: Connection) -> dict[str, str]:
        person = _known(conn, store, scope, ref)
        there = {one.account for one in link.places(conn, person.contact.id)}
        leads = links.addresses(conn, [one for one in accounts(store) if one not in there], token)
        if not leads:
            raise Refused(ref, "no other app is known", "start Spean once with a second channel enabled")
        by = scope.staff_id or None
        link.make(conn, store.vault, person.contact.id, token, store.now, by_staff=True, staff_id=by)
        audit.record(conn, by, "contact.link", f"contact {person.contact.id}", store.now)
        return leads

    with opened(config) as store:
        scope = store.scope(who)
        leads = store.run(make)
    if as_json:
        json_line(leads)
        return
    for lead in leads.values():
        typer.echo(lead)
    say("once, within 24 hours: give it only to the person themself")


def unlink(
    ref: Ref,
    address_id: AddressId,
    *,
    who: As = "",
    yes: Yes = False,
    dry_run: DryRun = False,
    config: Config = BOT_TOML,
) -> None:
    """Take an address of a person apart: whoever writes from there is a new person from then on."""

    def split(conn: Connection) -> None:
        person = _known(conn, store, scope, ref)
        chats.hold(conn, person.contact.id)
        there = _at(conn, person, address_id)
        moving.split(conn, desk(store), there, None, person.contact.language, store.now)
        what = f"contact {person.contact.id} address {address_id}"
        audit.record(conn, scope.staff_id or None, "contact.unlinked", what, store.now)

    with opened(config) as store:
        scope = store.scope(who)
        person = store.read(lambda conn: _known(conn, store, scope, ref))
        store.read(lambda conn: _at(conn, person, address_id))
        if dry_run:
            say(f"address {address_id} would become a new person's")
            return
        if not agreed(f"Take address {address_id} from contact {person.contact.id}?", yes=yes):
            raise typer.Exit(1)
        store.run(split)
    say(f"address {address_id} is a new person's; what was said there stays with contact {person.contact.id}")


def _known(conn: Connection, store: Store, scope: Scope, ref: str) -> Person:
    if not may(scope, "conversation.reply", None):
        raise Refused(ref, "you may not answer people", "ask an administrator for the caseworker's role")
    return person_of(conn, store, scope, ref)


def _at(conn: Connection, person: Person, address_id: int) -> Person:
    theirs = {one.address for one in link.places(conn, person.contact.id)}
    if address_id not in theirs or len(theirs) < 2:
        cure = "spean contact show lists the addresses of somebody who has several"
        raise Refused(f"address {address_id}", "it cannot be taken from this person", cure)
    return link.at(conn, person, address_id)


def accounts(store: Store) -> list[str]:
    """The accounts to which a link may lead."""
    bot, page = store.settings.telegram, store.settings.messenger
    token = bot.token.get_secret_value() if bot.enabled and bot.token is not None else ""
    found = {"telegram": token.partition(":")[0], "messenger": page.page_id if page.enabled else ""}
    return [f"{channel}:{number}" for channel, number in found.items() if number]
