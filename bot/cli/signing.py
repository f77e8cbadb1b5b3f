"""Who answers for a change of the answers: one member of staff, or two different ones.

Never decides what needs two.
"""

from typing import Annotated

import typer

from bot.cli.refused import Refused
from bot.cli.store import Store
from storage import staff
from storage.staff import Scope

By = Annotated[str, typer.Option("--by", metavar="STAFF", help="The member of staff who does it.")]
NAMED = 5  # legal answers in one line
EITHER = "spean script import takes the files, spean script export takes the store's"
SIGN = "spean script import --by NAME --with NAME takes the files, spean script export takes the store's"
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


def unsigned(legal: tuple[str, ...]) -> str:
    """What is wrong with files that change these legal answers."""
    return f"the files change legal answers, for which two members of staff sign: {some(legal)}"


def some(legal: tuple[str, ...]) -> str:
    """The first of the entries."""
    return ", ".join((*legal[:NAMED], "…") if len(legal) > NAMED else legal)
