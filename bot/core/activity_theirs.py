"""Words about what somebody comes to, or about the list, where no button of a page says them.

Never takes them for an answer: the page is shown, and that asks.
"""

from bot.core import activity_draft, activity_talk
from bot.core.activity import Activity
from bot.core.activity_draft import THEIRS, Draft, Listing
from bot.core.activity_near import coming_up, theirs
from bot.core.activity_node import phrases
from bot.core.dialog import ActivitiesNode, Choice
from bot.core.effects import Turn
from bot.core.events import Event, Text
from bot.core.matching import by_words
from bot.core.page_talk import drawn
from bot.core.walk import Walk

CANNOT, LIST = "cannot", "list"  # buttons whose words these are


def heard(walk: Walk, event: Event) -> Turn | None:
    """The page that words ask for, where nothing in particular is waited for; None for anything else."""
    body, node, draft = event.body, walk.current[1], walk.frame.draft
    if not isinstance(body, Text) or body.edits is not None or not node.stays:
        return None
    if not isinstance(node.kind, ActivitiesNode):
        theirs = _theirs(walk, body.text)
        return None if theirs is None else activity_talk.opened(walk, event, theirs)
    if activity_draft.around(draft) and _says(walk, LIST, body.text):
        return drawn(walk, event, ())
    answers = not activity_draft.around(draft) and draft[:1] != ("done",)  # or has buttons of its own
    theirs = None if answers else _theirs(walk, body.text)
    return None if theirs is None else drawn(walk, event, theirs)


def _theirs(walk: Walk, text: str) -> Draft | None:
    """Who writes that they do not come sees what they said that they come to: the one, or all of them."""
    if not _says(walk, CANNOT, text):
        return None
    mine = _awaited(walk)
    if len(mine) == 1:
        return ("show", str(mine[0].id))
    return Listing(far=True, sector=THEIRS).draft() if mine else None


def _awaited(walk: Walk) -> tuple[Activity, ...]:
    board = walk.shelf.board
    return tuple(one for one in coming_up(board, walk.now) if theirs(board, one))


def _says(walk: Walk, button: str, text: str) -> bool:
    """Whether the text is the label of that button, or what else it is called."""
    known = phrases(walk.asked()).get(button, ())
    choice = Choice(button, f"activities.do-{button}", phrases=known)
    return by_words(walk.shelf.live, (choice,), text) is not None
