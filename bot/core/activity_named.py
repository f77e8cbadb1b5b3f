"""Which button of a page of activities a text means: its number, its label, what sounds like it.

Never takes an answer that binds for what only sounds like it.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.core import activity_draft, activity_pages, activity_party
from bot.core.activity_node import phrases
from bot.core.activity_party import COUNTED, NO, NUMBER, STOP, YES
from bot.core.dialog import Choice
from bot.core.khmer import digits, yesno
from bot.core.khmer.questions import asks
from bot.core.matching import by_number, by_words
from bot.core.meant import meant
from bot.core.message import Button, Line, Verbatim
from bot.core.places import Place
from bot.core.walk import Walk

DO, PERSONS, ONE = "activities.do-", "activities.persons", "one"  # labels, and a phrase of one person
BINDING = frozenset(  # taken only when they are named for sure
    {*activity_pages.COMING, activity_pages.TAKE, activity_pages.LEAVE, YES, NO}
)


def named(walk: Walk, text: str) -> str:
    """The key of the button that the text means: its number, its label, or what only sounds like one."""
    asked = walk.asked()
    shown = activity_pages.buttons(asked, walk.shelf)
    keys = {one.key for one in shown}
    waiting = activity_draft.answering(walk.frame.draft)
    if waiting is not None and waiting.step in COUNTED:
        number = digits.number(text)
        if number is not None and number == int(number) and 0 <= number <= activity_party.MOST:
            return f"{NUMBER}{int(number)}"
    yes = yesno.yes_or_no(text)
    if waiting is not None and waiting.step == "children" and yes is False:
        return f"{NUMBER}0"
    if yes is not None and {YES, NO} <= keys:
        return YES if yes else NO
    if yes and walk.frame.draft[2:] == (activity_pages.REMIND,) and activity_pages.REMIND in keys:
        return activity_pages.REMIND
    live, choices = walk.shelf.live, tuple(_choice(walk, one) for one in shown)
    sure = by_number(choices, text) or by_words(live, _called(choices, phrases(asked)), text)
    if sure is not None or asks(text):
        return sure.key if sure else ""
    if activity_draft.around(walk.frame.draft) and isinstance(live.places.match(text), Place):
        return ""  # a place to look around, although an activity there may be called after it
    near = meant(live.labels, choices, text, BINDING)
    likely = near.choices[:1] if near.sure or len(near.choices) == 1 else ()
    return next((one.key for one in likely if one.key not in BINDING), "")


def _called(choices: tuple[Choice, ...], known: Mapping[str, tuple[str, ...]]) -> tuple[Choice, ...]:
    """The same with what else they are called, by which nothing is guessed."""
    return tuple(replace(one, phrases=(*one.phrases, *known.get(_name(one), ()))) for one in choices)


def _name(choice: Choice) -> str:
    one = choice.label == PERSONS and choice.key == f"{NUMBER}1"
    return ONE if one else choice.label.removeprefix(DO)


def _choice(walk: Walk, button: Button) -> Choice:
    """A button as what a text is matched with; words of staff in both languages."""
    label = button.label.id if isinstance(button.label, Line) else ""
    ways = [button.label.text] if isinstance(button.label, Verbatim) else []
    if isinstance(button.label, Line):
        ways += [one for one in button.label.args.values() if isinstance(one, str)]
    number = button.key.removeprefix(activity_pages.SHOW)
    one = walk.shelf.board.activities.get(int(number)) if number.isdecimal() else None
    if one is not None:
        ways += [words for words in (one.sheet.title.km, one.sheet.title.en) if words]
    if button.key.startswith(STOP):
        ways += _stop(walk, int(button.key.removeprefix(STOP)))
    return Choice(button.key, label, phrases=tuple(ways))


def _stop(walk: Walk, at: int) -> list[str]:
    """The name of a bus stop in both languages: whoever reads one may write the other."""
    one = activity_pages.activity_at(walk.asked(), walk.shelf)
    stops = activity_party.open_stops(one.sheet, walk.now) if one is not None else ()
    return [words for stop in stops[at : at + 1] for words in (stop.name.km, stop.name.en) if words]
