"""What follows from pages about activities, each kind where it belongs.

Never writes anything itself.
"""

from typing import assert_never

from bot.core.activity_effects import (
    ActivitiesTold,
    ActivityEffect,
    FileAsked,
    Followed,
    HoursChosen,
    Introduce,
    OfferAnswered,
    OutcomeTold,
    Registered,
)
from bot.runner import following, registering, tickets
from bot.runner.step import Step


def apply(step: Step, effect: ActivityEffect) -> None:
    """Write one of them."""
    match effect:
        case ActivitiesTold():
            registering.told(step, effect)
        case Registered():
            registering.register(step, effect)
        case OfferAnswered():
            registering.answer_offer(step, effect)
        case FileAsked():
            tickets.hand_over(step, effect)
        case Followed() | HoursChosen() | OutcomeTold() | Introduce():
            following.apply(step, effect)
        case _:
            assert_never(effect)
