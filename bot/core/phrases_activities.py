"""Every sentence on the pages of activities, beside their buttons: message id → its placeholders.

Never holds the words: `locales/<language>/LC_MESSAGES/activities.po` does, and `spean check` compares both.
"""

from collections.abc import Mapping

from bot.core.activity import SPOKEN
from bot.core.phrases import NOTHING

ACTIVITIES_PHRASES: Mapping[str, frozenset[str]] = {
    # the list
    "activities.none": NOTHING,
    "activities.around": frozenset({"place"}),
    "activities.of-sector": frozenset({"sector"}),
    "activities.suited": NOTHING,
    "activities.theirs": NOTHING,
    **{
        f"activities.in-{near}": frozenset({"list"})
        for near in ("commune", "district", "province", "elsewhere", "anywhere")
    },
    "activities.row": frozenset({"title", "day", "place"}),
    "activities.row-cancelled": frozenset({"title", "day", "place"}),
    "activities.short": frozenset({"day", "month", "place"}),
    "activities.which-sector": NOTHING,
    "activities.write-or-tap": NOTHING,
    "activities.short-employers": NOTHING,
    # one of them
    "activities.gone": NOTHING,
    "activities.cancelled": NOTHING,
    "activities.moved": NOTHING,
    "activities.over": NOTHING,
    "activities.facts": frozenset({"when", "where"}),
    "activities.when": frozenset({"start", "end"}),
    "activities.when-days": frozenset({"start", "end"}),
    "activities.where": frozenset({"venue", "place"}),
    "activities.where-place": frozenset({"place"}),
    "activities.employers": frozenset({"employers"}),
    "activities.employer": frozenset({"name"}),
    "activities.employer-jobs": frozenset({"name", "jobs"}),
    "activities.job": frozenset({"job", "number", "pay"}),
    "activities.job-requires": frozenset({"job", "number", "pay", "requires"}),
    "activities.pay": frozenset({"pay"}),
    "activities.pay-between": frozenset({"least", "most"}),
    "activities.pay-least": frozenset({"least"}),
    "activities.pay-most": frozenset({"most"}),
    "activities.pay-unsaid": NOTHING,
    "activities.for-whom": frozenset({"who"}),
    "activities.cost": frozenset({"riel"}),
    "activities.free": NOTHING,
    "activities.stipend": frozenset({"rule", "source", "day"}),
    "activities.languages": frozenset({"list"}),
    **{f"activities.language.{one}": NOTHING for one in SPOKEN},
    "activities.bring": frozenset({"what"}),
    "activities.stops": frozenset({"stops"}),
    "activities.stop": frozenset({"name", "time"}),
    "activities.childcare": NOTHING,
    "activities.seats": frozenset({"count"}),
    "activities.phone": frozenset({"phone"}),
    # what the person answered
    "activities.people": frozenset({"adults", "children"}),
    "activities.adults": frozenset({"adults"}),
    "activities.mine-come": frozenset({"people"}),
    "activities.mine-bus": frozenset({"people", "stop"}),
    "activities.mine-no-bus": frozenset({"people"}),
    "activities.mine-waiting": frozenset({"people"}),
    "activities.mine-offered": frozenset({"until"}),
    "activities.mine-maybe": NOTHING,
    "activities.mine-cannot": NOTHING,
    # who comes along
    **{
        f"activities.ask-{step}": NOTHING
        for step in ("adults", "children", "stop", "childcare", "mobility", "remind")
    },
    "activities.retry-adults": NOTHING,
    "activities.retry-children": NOTHING,
    "activities.persons": frozenset({"count"}),
    "activities.next": NOTHING,
    "activities.remind-now": NOTHING,
    # an employer
    "activities.which-employer": NOTHING,
    "activities.introduce": frozenset({"employer"}),
    "activities.introduced": NOTHING,
    "activities.not-introduced": NOTHING,
    # what became of it
    "activities.money": NOTHING,
    "activities.money-yes": NOTHING,
    "activities.money-no": NOTHING,
}
