"""How somebody who answers an activity can be reminded: in a chat of theirs, by a call of staff, or not.

Never says more than is known now: what a platform lets through is known when the time comes.
"""

from dataclasses import dataclass
from typing import Final

from bot.core.activity import Remind
from bot.core.unasked import discreet, may_be_reminded
from bot.runner.reach import PULLED, reached, speaks
from bot.runner.reminder_letters import REMINDER
from bot.runner.step import Step
from storage import grants
from storage.calling import call_of
from storage.faults import DamagedCell
from storage.people import Person

APPS: Final = {"telegram": "Telegram", "messenger": "Messenger"}  # as people call them


@dataclass(frozen=True, slots=True)
class Way:
    """`channel`: where it reaches them; of a page that is only pulled it does not.

    `shuts`: it lets through only so long after they wrote; no words for a seat that comes free are approved.
    """

    remind: Remind
    channel: str
    shuts: bool

    @property
    def pulled(self) -> bool:
        """Whether nothing reaches them where they write."""
        return self.channel in PULLED

    @property
    def asked(self) -> bool:
        """Whether a question of ours reaches them whenever it comes, as far as anybody knows now."""
        return not self.pulled and not self.shuts


def way_of(step: Step) -> Way:
    """How this person is reminded where they are reached best."""
    where = _where(step)
    kept = step.kit.channels.get(where.account)
    return Way(
        _remind(step, where), where.where.channel, kept is None or kept.capabilities.window is not None
    )


def possible(step: Step) -> bool:
    """Whether anything reaches them where they are reached best, or staff may call them."""
    return _where(step).where.channel not in PULLED or _called(step)


def _where(step: Step) -> Person:
    pushed = {name: shown for name, shown in speaks(step.kit).items() if name not in PULLED}
    return reached(step.conn, step.person, pushed, "automatic", step.now)


def _remind(step: Step, where: Person) -> Remind:
    contact = step.contact
    if not may_be_reminded(contact):
        return "none"
    if where.where.channel in PULLED or where.account not in step.kit.channels:
        return "call" if _called(step) else "none"
    if step.kit.channels[where.account].capabilities.window is None:
        return "app"
    approved = f"{REMINDER}/{contact.language}" in grants.of(step.conn, where.account).templates
    if approved and not discreet(contact):  # approved words name the activity
        return "app"
    return "call" if _called(step) else "window"


def _called(step: Step) -> bool:
    """Whether staff can and may call them, as the call list judges it."""
    try:
        return call_of(step.conn, step.person.key, step.contact) is not None
    except DamagedCell:
        return False
