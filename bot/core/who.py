"""Who is writing: when it must be asked on a shared phone, whom one can be, and what an answer says.

Never shows anything of a person but what to call them.
"""

from datetime import datetime, timedelta
from typing import Literal

from bot.core.answers import Words
from bot.core.book import Book
from bot.core.contact import Companion, Contact
from bot.core.events import Body, Tap, Text
from bot.core.khmer import digits
from bot.core.khmer.fold import fold
from bot.core.khmer.normalise import normalise
from bot.core.message import Button, Line, Verbatim
from bot.core.path import View
from bot.core.session import Session

SILENCE = timedelta(hours=8)  # the issue, part 2
LISTED = 6  # companions with a button of their own; the others are reached by writing their nickname
ME, NEW, OTHER = "me", "new", "p"  # keys of the buttons; `p17`: the companion 17

Answer = Companion | Literal["me", "new"]


def locked(session: Session, contact: Contact, now: datetime, *, working: bool = False) -> bool:
    """Whether nothing may be shown before the person says who is writing.

    Somebody who told us nothing and shares the address with nobody is never asked, nor whoever talks with
    staff. Who wants what staff alone may see (`working`) is, whoever has the chat, and also when all that we
    know of them are the four pictures that they chose.
    """
    if session.locked:
        return True
    silent = session.seen_at is not None and now - session.seen_at >= SILENCE
    kept = contact.shared or any(one.opened for one in session.submissions) or (working and session.code)
    return silent and bool(kept) and (working or not contact.handled_by_staff)


def buttons(view: View) -> tuple[Button, ...]:
    """The person themself, who else wrote from there lately, and somebody new."""
    me = view.latest("name")
    listed = sorted(view.contact.others[:LISTED], key=lambda one: one.id)
    return (
        Button(ME, Verbatim(me.text) if isinstance(me, Words) else Line("bot.who-me")),
        *(Button(f"{OTHER}{one.id}", _name(one, at)) for at, one in enumerate(listed, 2)),
        Button(NEW, Line("bot.who-new")),
    )


def _name(one: Companion, at: int) -> Verbatim | Line:
    return Verbatim(one.name) if one.name else Line("bot.who-other", {"number": at})


def read(live: Book, view: View, body: Body) -> Answer | None:
    """The person whom a tap of the present question, a number or a nickname names; never guessed."""
    others = view.contact.others
    match body:
        case Tap(payload):
            return _of_key(payload.partition(":")[2], others)
        case Text(text):
            return _written(live, view, normalise(text).strip())
        case _:
            return None


def _of_key(key: str, others: tuple[Companion, ...]) -> Answer | None:
    match key:
        case "me" | "new":
            return key
    return next((one for one in others if key == f"{OTHER}{one.id}"), None)


def _written(live: Book, view: View, text: str) -> Answer | None:
    shown = buttons(view)
    number = digits.number(text)
    counted = [one.key for at, one in enumerate(shown, 1) if at == number]
    words = fold(text)
    unlisted = (Button(f"{OTHER}{one.id}", Verbatim(one.name)) for one in view.contact.others[LISTED:])
    named = [one.key for one in (*shown, *unlisted) if words and words in _ways(live, one)]
    meant = {*counted, *named}  # "bey" is three, and may be somebody's nickname
    return _of_key(meant.pop(), view.contact.others) if len(meant) == 1 else None


def _ways(live: Book, button: Button) -> frozenset[str]:
    """What a button may be called: a nickname, its label in every language, the words that lead here."""
    match button.label:
        case Verbatim(name):
            return frozenset({fold(name)})
        case Line(message_id):
            ways = live.labels.get(message_id, ())
            if button.key == NEW:
                ways = (
                    *ways,
                    *(one for route in live.routes if route.dialog == live.who for one in route.phrases),
                )
            return frozenset(map(fold, ways))
        case _:
            return frozenset()
