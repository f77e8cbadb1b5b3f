"""What follows from a button of what we mailed, or from a link: shown, noted, and what waited asked again.

Never takes the place of the question that waits: a page stands above it, and what is only noted leaves it.
"""

from bot.core import activity_talk, outline
from bot.core.activity import OPEN, Activity
from bot.core.activity_draft import ANY, Draft, Listing
from bot.core.activity_effects import OutcomeTold, Registered
from bot.core.effects import Turn
from bot.core.events import Event
from bot.core.letters import After, Answer, Letter, Offer, OpenDialog, Show, ShowList
from bot.core.reply import ask_on, tap_seen
from bot.core.session import Frame
from bot.core.walk import Walk


def taken(walk: Walk, event: Event, letter: Letter) -> Turn:
    """Do what the letter's button, or the link, asks for."""
    walk.settle()
    if not walk.contact.language_chosen:
        return _newcomer(walk, event, letter)
    if walk.contact.handled_by_staff:
        return _quietly(walk, event, letter)
    match letter:
        case OpenDialog(dialog):
            return _dialog(walk, event, dialog)
        case After(activity, day, work, money):
            return activity_talk.outcome(walk, event, OutcomeTold(activity, day, work, money))
        case Answer(activity) | Offer(activity):
            return _answered(walk, event, letter, activity)
        case Show() | ShowList():
            return activity_talk.opened(walk, event, _page(letter))


def _page(letter: Letter) -> Draft:
    match letter:
        case ShowList(place) if place:
            return Listing(sector=ANY, place=place).draft()
        case Show(activity) | Answer(activity) | Offer(activity):
            return ("show", str(activity))
        case _:
            return ()


def _newcomer(walk: Walk, event: Event, letter: Letter) -> Turn:
    """Who comes by a link is greeted as everybody, and then sees what the link is of."""
    live = walk.shelf.live
    walk.frames = []
    if live.activities in live.dialogs:
        start = live.dialogs[live.activities].start
        walk.frames = [Frame(live.digest, live.activities, start, draft=_page(letter))]
    walk.enter(live.first, called=False)
    return ask_on(walk, event)


def _quietly(walk: Walk, event: Event, letter: Letter) -> Turn:
    """A person has the chat: what needs no question is noted and said; nothing else is shown beside them."""
    match letter:
        case Answer(activity, coming):
            one, mine = walk.shelf.board.activities.get(activity), walk.shelf.board.mine.get(activity)
            if one is not None and _open(walk, one) and (coming == "cannot" or mine is not None):
                return _answered(walk, event, letter, activity)
        case Offer(activity):
            mine = walk.shelf.board.mine.get(activity)
            if mine is not None and mine.seat == "offered":
                return _answered(walk, event, letter, activity)
        case After(activity, day, work, money):
            walk.effects.extend(activity_talk.told(OutcomeTold(activity, day, work, money)))
        case _:
            pass
    return Turn(walk.finish(), (*tap_seen(event), *walk.effects))


def _dialog(walk: Walk, event: Event, dialog: str) -> Turn:
    """A dialog that anybody may open from anywhere; any other leads back to what waits."""
    live = walk.shelf.live
    kept = {live.first, live.who, live.link, live.unasked}
    if dialog in live.dialogs and dialog in outline.entries(live) - kept:
        walk.open(dialog)
        return ask_on(walk, event)
    return activity_talk.again(walk, event)


def _answered(walk: Walk, event: Event, letter: Answer | Offer, activity: int) -> Turn:
    """An answer to one activity; where it is over, called off or no more known, that is shown."""
    one, mine = walk.shelf.board.activities.get(activity), walk.shelf.board.mine.get(activity)
    if one is None or not _open(walk, one):
        return activity_talk.opened(walk, event, ("show", str(activity)))
    match letter:
        case Offer(taken=taken) if mine is not None and mine.seat == "offered":
            return activity_talk.offered(walk, event, one, taken=taken)
        case Answer(coming=coming) if mine is not None and mine.coming == coming != "cannot":
            said = Registered(one.id, coming, mine.party, remind=mine.remind != "none")
            return activity_talk.register(walk, event, one, said)
        case Answer(coming="cannot"):
            return activity_talk.answer(walk, event, one, "cannot")
        case Answer(coming=coming):
            above = activity_talk.above(walk)
            return activity_talk.answer(walk, event, one, coming) if above else ask_on(walk, event)
        case _:
            return activity_talk.opened(walk, event, ("show", str(activity)))


def _open(walk: Walk, one: Activity) -> bool:
    return one.state in OPEN and one.sheet.ends_at > walk.now
