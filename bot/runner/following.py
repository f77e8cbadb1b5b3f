"""What somebody wants to hear of unasked, and when; and a no to one purpose, which ends it at once.

Never takes back a reminder of what they said they come to.
"""

from typing import assert_never

from bot.core.activity import KINDS, purpose_of
from bot.core.activity_effects import Followed, HoursChosen, Introduce, OutcomeTold
from bot.core.unasked import BESIDE, MESSAGES, NO, NO_TO
from bot.runner import introducing, outcomes
from bot.runner.step import Step
from storage import broadcast_anew, subscriptions, taken_back

Following = Followed | HoursChosen | OutcomeTold | Introduce


def apply(step: Step, effect: Following) -> None:
    """Write one of them."""
    match effect:
        case Followed(follow, wanted):
            if wanted:
                subscriptions.follow(step.conn, step.contact.id, follow, step.now)
            else:
                subscriptions.leave(step.conn, step.contact.id, follow)
        case HoursChosen(hours):
            subscriptions.set_hours(step.conn, step.contact.id, hours)
        case OutcomeTold():
            outcomes.apply(step, effect)
        case Introduce():
            introducing.apply(step, effect)
        case _:
            assert_never(effect)


def refused(step: Step, purpose: str) -> None:
    """They said no to messages, or to one purpose of them: nothing of it is wanted, nor waits any more."""
    if purpose == MESSAGES:
        which, kinds, matches = "", KINDS, True
    elif purpose.startswith(BESIDE):
        which = purpose.removeprefix(BESIDE)
        kinds = tuple(one for one in KINDS if purpose_of(one) == which)
        matches = which in {"jobs", "training"}
    else:
        return
    number = step.contact.id
    subscriptions.end(step.conn, number, which)
    causes = subscriptions.waiting(step.conn, number, kinds, matches=matches)
    for cause in causes + (subscriptions.asks(step.conn, number) if purpose == MESSAGES else []):
        taken_back.take_back(step.conn, cause, contact_id=number)
    for one in subscriptions.announced(step.conn, number, which):
        taken_back.take_back(step.conn, f"broadcast:{one}:{number}", contact_id=number)
        broadcast_anew.skip(step.conn, one, {number: NO_TO.get(which, NO)})
