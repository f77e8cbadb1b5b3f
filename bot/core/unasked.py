"""Whether something may be said to a person who did not just write: one pure function.

Never sends, and never asks whether a platform's window is open (`window` does).
"""

from datetime import datetime
from typing import Literal

from bot.core.book import Book
from bot.core.contact import Contact
from bot.core.path import View
from bot.core.session import Session

Bar = Literal[
    "stopped", "said no to messages", "hid the chat", "in danger", "unreachable", "with staff", "others see"
]


def barred(book: Book, contact: Contact, session: Session, now: datetime) -> Bar | None:
    """Why nothing is said to them unasked now; None when it may be."""
    if contact.stopped:
        return "stopped"
    if "messages" in contact.declined:
        return "said no to messages"
    if contact.hidden:
        return "hid the chat"
    if contact.resting:
        return "in danger"
    if not contact.reachable:
        return "unreachable"
    if contact.handled_by_staff:
        return "with staff"
    runs = {one.no: one for one in session.submissions}
    view = View(contact, runs, None, 0, suspended=False, code=False, live=book, now=now)
    return "others see" if view.quiet else None
