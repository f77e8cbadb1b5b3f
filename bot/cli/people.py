"""What commands about people share: who is meant, what they may be told, and refusals in words.

Never a command.
"""

from sqlalchemy import Connection

from bot.channels.messenger.capabilities import MESSENGER
from bot.channels.telegram.capabilities import TELEGRAM
from bot.channels.terminal.show import CAPABILITIES as TERMINAL
from bot.channels.webchat.capabilities import WEBCHAT
from bot.cli.options import MOST
from bot.cli.refused import Refused
from bot.cli.store import Store
from bot.core.channel import Capabilities
from bot.core.contact import Address
from bot.core.schedule import QuietHours
from bot.runner.desk import Told
from bot.runner.library import Library
from bot.runner.notice import Desk
from storage import cases, conversation, people
from storage.case_rows import CaseRow, Refusal
from storage.people import Person
from storage.staff import Action, Scope, reach

CAPABILITIES: dict[str, Capabilities] = {one.channel: one for one in (TELEGRAM, MESSENGER, WEBCHAT, TERMINAL)}
REFUSALS = {
    Refusal.UNKNOWN: ("there is no such case within reach", "spean case list shows those you may see"),
    Refusal.FORBIDDEN: (
        "you may look at it but not change it",
        "ask an administrator for the caseworker's role",
    ),
    Refusal.TAKEN: ("somebody else has it", "ask them to release it"),
    Refusal.CLOSED: ("it is closed", "open cases are in spean case list"),
}


def desk(store: Store) -> Desk:
    """Where staff answer from."""
    within = {one.id: one.answer_within for one in store.settings.centre}
    chosen = store.settings
    quiet = QuietHours(*chosen.bot.quiet_hours, chosen.bot.timezone)
    return Desk(store.vault, Library(), CAPABILITIES, quiet, chosen.sample, within, max(within.values()))


def centres(scope: Scope, action: Action, centre: str = "") -> frozenset[str] | None:
    """The centres where they may do this; None: all. Raises Refused, also where `centre` is none of them."""
    within = reach(scope, action, restricted=False)
    if within is not None and (not within or (centre and centre not in within)):
        raise Refused(f"--as {scope.name}", "you may not read these", "ask an administrator for the role")
    return within


def case_of(conn: Connection, scope: Scope, ref: str) -> CaseRow:
    """The case of a number or id. Raises Refused."""
    found = cases.find(conn, scope, ref)
    if found is None:
        raise Refused(f"case {ref}", *REFUSALS[Refusal.UNKNOWN])
    return found


def settled(ref: str, outcome: CaseRow | Refusal) -> CaseRow:
    """The case as it is now. Raises Refused."""
    if isinstance(outcome, Refusal):
        raise Refused(f"case {ref}", *REFUSALS[outcome])
    return outcome


def reached(conn: Connection, store: Store, scope: Scope, ref: str) -> int:
    """The contact that `ACCOUNT/ID` (`telegram:7001/42`), a contact's number or a case's means.

    Raises Refused.
    """
    account, slash, external = ref.partition("/")
    contact_id: int | None
    if slash:
        contact_id = people.contact_at(conn, store.vault, Address(account, external))
    elif ref.isdecimal() and len(ref) <= len(str(MOST)):
        contact_id = int(ref)
    else:
        case = cases.find(conn, scope, ref)
        contact_id = case.contact_id if case else None
    if contact_id is None or conversation.read(conn, store.vault, scope, contact_id, 1) is None:
        raise _nobody(ref)
    return contact_id


def person_of(conn: Connection, store: Store, scope: Scope, ref: str) -> Person:
    """The same, where they write from. Raises Refused, also for whoever complained anonymously."""
    person = people.by_id(conn, store.vault, reached(conn, store, scope, ref), lock=False)
    if person is None:
        raise _nobody(ref)
    return person


def _nobody(ref: str) -> Refused:
    cure = "write ACCOUNT/ID, a contact's number (spean contact list) or a case's number"
    return Refused(ref, "there is no such person within reach", cure)


def queued(ref: str, told: Told, gone: str) -> str:
    """What became of an answer, in words. Raises Refused; `gone`: why there is nobody to answer."""
    match told:
        case Told.GONE:
            raise Refused(ref, gone, "there is nobody to answer")
        case Told.BUSY:
            raise Refused(ref, "a colleague has the chat", "ask them to hand it back")
        case Told.HELD:
            return "held until the person is back: somebody else has the phone now, or they hid the chat"
        case Told.WAITS:
            return (
                "the platform lets nobody write to them now: it waits for their next message. "
                "Please call them; spean case list shows by when"
            )
        case Told.QUEUED:
            return "queued for the person"


def checked(text: str) -> str:
    """Words that can be seen. Raises Refused."""
    if not any(one.isprintable() and not one.isspace() for one in text):
        raise Refused("TEXT", "there are no words to send", "write them in quotes", status=2)
    return text
