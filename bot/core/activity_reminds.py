"""Whether somebody can be reminded of an activity, and what they can do where nothing reaches them.

Never promises a reminder: the runner does, when it is written down.
"""

from collections.abc import Iterator
from datetime import datetime

from bot.core.activity import Activity, Board
from bot.core.asking import Asked
from bot.core.contact import Contact
from bot.core.reminding import reminders
from bot.core.unasked import may_be_reminded

CALL, APP = "call", "app"  # leads of the pages: staff may call them, the chat opens in another app


def asks(contact: Contact, board: Board, one: Activity, now: datetime) -> bool:
    """Whether a reminder of it can come, so that they are asked whether they want one."""
    return board.reminds and may_be_reminded(contact) and to_come(one, now)


def ways(asked: Asked, board: Board, one: Activity, *, minor: bool) -> Iterator[str]:
    """The leads by which nothing but a page becomes something that reaches them."""
    view = asked.view
    contact = view.contact
    if board.reminds or view.quiet or not may_be_reminded(contact) or not to_come(one, view.now):
        return
    if "help" in contact.consents and not minor:
        yield CALL
    if contact.apps and not contact.linked:
        yield APP


def to_come(one: Activity, now: datetime) -> bool:
    """Whether any reminder of it is left that can be of use; nobody is asked about one otherwise."""
    return any(each.until > now for each in reminders(one.sheet.reminders, one.sheet.starts_at))
