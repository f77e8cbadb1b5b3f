"""What somebody wants to hear of unasked, from the answers of the dialog that asks it, or by a yes to news.

Never writes to anybody, and never takes a yes for more than was said.
"""

from typing import assert_never

from bot.core.actions import Subscribe, Unsubscribe
from bot.core.activity import SECTORS, Board, Follow, Purpose
from bot.core.activity_effects import Followed, HoursChosen
from bot.core.answers import Key, Keys, PlaceCode
from bot.core.contact import Contact
from bot.core.effects import ConsentGiven, Effect
from bot.core.path import View, chosen_centre
from bot.core.session import Frame
from bot.core.unasked import BESIDE, MESSAGES

# Fields of the dialog that asks, and their options.
WHAT, NEAR, WHERE, SECTOR, HOURS = (
    "follow_what",
    "follow_near",
    "follow_where",
    "follow_sector",
    "follow_hours",
)
PURPOSES: tuple[Purpose, ...] = ("fairs", "training", "jobs")
BY_SECTOR: frozenset[Purpose] = frozenset({"training", "jobs"})  # a fair is of many sectors
AT_HOME: tuple[Purpose, ...] = ("fairs", "training")  # what the question about news names

Done = tuple[Contact, list[Effect]]


def act(action: Subscribe | Unsubscribe, text: str, frame: Frame, view: View, board: Board) -> Done:
    """The person from then on, and what follows. `text`: the message that they said yes or no to."""
    match action:
        case Subscribe(home=True):
            return _at_home(text, frame, view, board)
        case Subscribe():
            return _subscribed(text, frame, view, board)
        case Unsubscribe(purpose):
            refused = f"{BESIDE}{purpose}"
            effect = ConsentGiven(refused, granted=False, text=text, release=frame.release)
            return view.contact.agreed(refused, granted=False), [effect]
        case _:
            assert_never(action)


def _at_home(text: str, frame: Frame, view: View, board: Board) -> Done:
    """Fairs and training near home: a yes to a question that names both takes back a no to either."""
    contact, effects = view.contact, list[Effect]()
    for one in AT_HOME:
        refused = f"{BESIDE}{one}"
        if refused in contact.declined:
            contact = contact.agreed(refused, granted=True)
            effects.append(ConsentGiven(refused, granted=True, text=text, release=frame.release))
    wanted = [Follow(one, at_home(view)) for one in AT_HOME]
    effects += [Followed(one, wanted=True) for one in wanted if one not in board.follows]
    return contact, effects


def at_home(view: View) -> str:
    """The province where they live, or of the centre that they chose; empty where nobody knows."""
    if view.province:
        return view.province
    centre = chosen_centre(view.live, view)
    return centre.province if centre else ""


def chosen(view: View) -> list[Follow]:
    """What the answers say that they want to hear of."""
    what, sector = view.answer(WHAT), view.answer(SECTOR)
    purposes = [one for one in PURPOSES if isinstance(what, Keys) and one in what.keys]
    sectors = [one for one in SECTORS if isinstance(sector, Keys) and one in sector.keys]
    place = _place(view)
    return [
        Follow(purpose, place, one)
        for purpose in purposes
        for one in (sectors if sectors and purpose in BY_SECTOR else [""])
    ]


def _place(view: View) -> str:
    near, where = view.answer(NEAR), view.answer(WHERE)
    match near:
        case Key("home"):
            return at_home(view)
        case Key("place"):
            return where.code if isinstance(where, PlaceCode) and where.code.isdigit() else ""
        case _:
            return ""


def _subscribed(text: str, frame: Frame, view: View, board: Board) -> Done:
    """What they want of these purposes stands in place of what they wanted of them before."""
    wanted = chosen(view)
    purposes = dict.fromkeys(one.purpose for one in wanted)
    if not purposes:
        return view.contact, []
    contact, effects = view.contact, list[Effect]()
    for consent in (MESSAGES, *(f"{BESIDE}{one}" for one in purposes)):
        contact = contact.agreed(consent, granted=True)
        effects.append(ConsentGiven(consent, granted=True, text=text, release=frame.release))
    old = [one for one in board.follows if one.purpose in purposes and one not in wanted]
    effects += [Followed(one, wanted=False) for one in sorted(old, key=_named)]
    effects += [Followed(one, wanted=True) for one in wanted]
    hours = view.answer(HOURS)
    if isinstance(hours, Key):
        effects.append(HoursChosen(hours.key))
    return contact, effects


def _named(follow: Follow) -> tuple[str, str, str]:
    return follow.purpose, follow.place, follow.sector
