"""Who comes along: which question comes next, what can be answered to it, and what an answer makes of it.

Never promises a seat, and never asks what the activity has no use for.
"""

from dataclasses import replace
from datetime import datetime

from bot.core.activity import Activity, Coming, Party, Sheet, Stop
from bot.core.activity_draft import STEPS, Answering, Step
from bot.core.activity_words import said_stop
from bot.core.contact import Language
from bot.core.message import Button, Line

MOST = 20  # people of one party; larger groups speak with the centre
BUTTONS = 4  # numbers with a button of their own; others are written
NUMBER, STOP = "n-", "s-"  # keys: `n-3`, `s-0`
YES, NO = "yes", "no"
COUNTED: frozenset[Step] = frozenset({"adults", "children"})


def first(one: Activity, coming: Coming, now: datetime, *, reminds: bool) -> Answering | None:
    """The first question to somebody who gave this answer; None when there is none.

    `reminds`: whether they are asked if they want to be reminded.
    """
    if coming == "maybe":
        return Answering(one.id, coming, "remind") if reminds else None
    begun = Answering(one.id, coming, "adults")
    stops = open_stops(one.sheet, now) if coming == "bus" else ()
    return replace(begun, party=Party(stop=stops[0].key)) if len(stops) == 1 else begun


def open_stops(sheet: Sheet, now: datetime) -> tuple[Stop, ...]:
    """The stops whose bus has not left."""
    return tuple(one for one in sheet.stops if one.leaves_at > now)


def answered(
    asked: Answering, one: Activity, key: str, now: datetime, *, reminds: bool
) -> Answering | Party | None:
    """The next question after a button of this one, the party after the last; None for no button of it."""
    party = _taken(asked, one, key, now)
    if party is None:
        return None
    left = (step for step in STEPS[STEPS.index(asked.step) + 1 :] if step != "remind" or reminds)
    step = next((step for step in left if _needed(step, asked, one, party, now)), None)
    return party if step is None else asked.at(step, party)


def _taken(asked: Answering, one: Activity, key: str, now: datetime) -> Party | None:
    """The party with this answer; None for what is no answer."""
    party, number = asked.party, key.removeprefix(NUMBER)
    match asked.step:
        case "adults" if _counts(asked.step, key):
            return replace(party, adults=int(number))
        case "children" if _counts(asked.step, key):
            return replace(party, children=int(number), childcare=party.childcare and int(number) > 0)
        case "stop":
            stops = open_stops(one.sheet, now)
            at = key.removeprefix(STOP)
            fits = key.startswith(STOP) and at.isdecimal() and int(at) < len(stops)
            return replace(party, stop=stops[int(at)].key) if fits else None
        case "childcare" if key in (YES, NO):
            return replace(party, childcare=key == YES)
        case "mobility" if key in (YES, NO):
            return replace(party, mobility=key == YES)
        case _:
            return None


def _counts(step: Step, key: str) -> bool:
    number = key.removeprefix(NUMBER)
    least = 1 if step == "adults" else 0
    return key.startswith(NUMBER) and number.isdecimal() and len(number) <= 2 and least <= int(number) <= MOST


def _needed(step: Step, asked: Answering, one: Activity, party: Party, now: datetime) -> bool:
    match step:
        case "stop":
            return asked.coming == "bus" and not party.stop and bool(open_stops(one.sheet, now))
        case "childcare":
            return party.children > 0 and one.sheet.childcare
        case _:
            return True


def buttons(asked: Answering, one: Activity, language: Language, now: datetime) -> tuple[Button, ...]:
    """What can be tapped to the question that waits."""
    match asked.step:
        case "adults":
            alone = Button(f"{NUMBER}1", Line("activities.do-alone"))
            return (alone, *_numbers(2))
        case "children":
            return (Button(f"{NUMBER}0", Line("activities.do-no-children")), *_numbers(1))
        case "stop":
            stops = enumerate(open_stops(one.sheet, now))
            return tuple(Button(f"{STOP}{at}", said_stop(stop, language)) for at, stop in stops)
        case "childcare" | "mobility" | "remind":
            return (Button(YES, Line("bot.yes")), Button(NO, Line("bot.no")))


def _numbers(least: int) -> tuple[Button, ...]:
    counts = range(least, BUTTONS + 1)
    return tuple(Button(f"{NUMBER}{one}", Line("activities.persons", {"count": one})) for one in counts)
