"""Who answers for a change of the answers: one member of staff, or two different ones.

Never decides what needs two.
"""

from typing import Annotated

import typer

from bot.cli.refused import Refused
from bot.cli.store import Store
from bot.core.book import Book
from bot.core.faq import Entry
from storage import staff
from storage.staff import Scope

By = Annotated[str, typer.Option("--by", metavar="STAFF", help="The member of staff who does it.")]
With = Annotated[str, typer.Option("--with", metavar="STAFF", help="A second one, who agrees.")]


def signed(store: Store, name: str, option: str = "--by") -> Scope:
    """The active member of staff of that name. Raises Refused."""
    if not name:
        raise Refused(option, "somebody answers for this", f"write {option} and a name", status=2)
    found = store.read(lambda conn: staff.scope(conn, name))
    if found is None:
        cure = "spean staff list shows who there is"
        raise Refused(f"{option} {name}", "no such member of staff, or disabled", cure)
    return found


def both(store: Store, by: str, other: str, why: str) -> tuple[Scope, Scope]:
    """Two different active members of staff. Raises Refused; `why`: what needs two."""
    if not (by and other):
        raise Refused(
            why, "a legal answer needs two members of staff", "write --by NAME --with NAME", status=2
        )
    first, second = signed(store, by), signed(store, other, "--with")
    if first.staff_id == second.staff_id:
        raise Refused(why, "they are the same person", "somebody else must agree: --with NAME", status=2)
    return first, second


def legal_changes(live: Book | None, wanted: Book) -> tuple[str, ...]:
    """The legal entries of which another Release says something else, on other authority or for longer."""
    before = live.faq.entries if live else {}
    return tuple(
        one.id
        for one in wanted.faq.entries.values()
        if "legal" in {one.kind, before.get(one.id, one).kind}
        and (live is None or one.id not in before or _told(live, before[one.id]) != _told(wanted, one))
    )


def _told(book: Book, entry: Entry) -> tuple[object, ...]:
    return entry.version, entry.kind, entry.reviewed_by, book.faq.until(entry)
