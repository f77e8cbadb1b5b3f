"""A yes, this once, that a centre gives somebody's name and number to one employer: written down, for staff.

Never gives anything to anybody: a member of staff does, or does not.
"""

from bot.core import effects as fx
from bot.core.activity import Activity
from bot.core.activity_effects import Introduce
from bot.runner import asides
from bot.runner.promises import open_case
from bot.runner.step import Step
from storage import activities, consents

PURPOSE = "employer"
ASKED = "activities.introduce"  # the message that asks for the yes


def apply(step: Step, said: Introduce) -> None:
    """Keep the yes with the employer it is for, and let somebody see to it; once for each employer."""
    found = activities.get(step.conn, said.activity)
    name = None if found is None else _employer(found, said.employer, step)
    if found is None or name is None:
        return
    words = f"{name} · {asides.title(step, said.activity)}"
    if not asides.note(step, f"{asides.INTRODUCE}{said.activity}-{said.employer}", words, "S1"):
        return
    consents.note(
        step.conn,
        step.contact.id,
        PURPOSE,
        ASKED,
        step.live.digest,
        step.contact.language,
        step.event.address.channel,
        step.now,
    )
    open_case(step, fx.CaseOpened("person", asides.NUMBER, found.centre, restricted=False))


def _employer(found: Activity, key: str, step: Step) -> str | None:
    """What they are called; None for one whom nobody has checked, or who comes no more."""
    names = (one.name for one in found.sheet.shown if one.key == key)
    return next((one.read_in(step.contact.language) for one in names), None)
