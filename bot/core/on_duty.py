"""What a member of staff does by chat: the commands, buttons, scans and words that go to their work.

Never says what they may do: whoever does the work asks that.
"""

from bot.core.contact import Contact
from bot.core.events import Command, Event, Media, Start, Tap, Text

STAFF = "staff"  # the command that joins the duty, and the only one of a stranger's
TAP = "s:"  # what payloads of their buttons begin with
TICKET = "t-"  # what the start payload of a scanned ticket begins with
COMMANDS = frozenset({"record", "announce", "fair", "today"})


def at_work(contact: Contact, event: Event) -> bool:
    """Whether it concerns the work of staff; only who is staff has more than the command that joins."""
    return joins(event) or (contact.staff and _work(contact, event))


def joins(event: Event) -> bool:
    """Whether it is the command that joins the duty or leaves it: its code says who is writing."""
    return isinstance(event.body, Command) and event.body.name == STAFF


def guarded(contact: Contact, event: Event) -> bool:
    """Whether only they themselves may have it, so that who is writing is asked first.

    A code that joins says who it is, and whoever leaves the duty is shown nothing.
    """
    match event.body:
        case Command(name, argument) if name == STAFF and argument.strip():
            return False
        case _:
            return contact.staff and at_work(contact, event)


def writes(contact: Contact, event: Event) -> bool:
    """Whether these are words that their work waits for: what they write for others tells nothing of them."""
    return contact.staff and bool(contact.doing) and isinstance(event.body, Text) and event.body.edits is None


def _work(contact: Contact, event: Event) -> bool:
    match event.body:
        case Command(name):
            return name in COMMANDS
        case Tap(payload):
            return payload.startswith(TAP)
        case Start(payload):
            return payload.startswith(TICKET)
        case Media(kind="voice"):
            return not contact.handled_by_staff
        case _:
            return writes(contact, event)
