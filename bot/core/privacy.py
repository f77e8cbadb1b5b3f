"""Private dialogs (danger, complaints): what is said in one is not kept, nor where in it the person was.

Never decides what is private: the dialog says so itself.
"""

from dataclasses import replace

from bot.core.book import Shelf
from bot.core.effects import DropWords, TapAnswered, Turn
from bot.core.session import CALLED, Frame, Session


def private(shelf: Shelf, frame: Frame) -> bool:
    """Whether the frame walks a private dialog."""
    within = shelf.book(frame.release).dialogs.get(frame.dialog)
    return within is not None and within.private


def inside(shelf: Shelf, session: Session) -> bool:
    """Whether the person is in a private dialog, or in one that it calls."""
    for depth in range(len(session.frames) - 1, -1, -1):
        if private(shelf, session.frames[depth]):
            return True
        if depth == 0 or session.frames[depth - 1].draft != CALLED:
            return False
    return False


def privately(shelf: Shelf, before: Session, turn: Turn) -> Turn:
    """The turn, its words dropped where it began or ended in a private dialog, and no tap shown as taken.

    What somebody says to a member of staff who has the chat has been decided already.
    """
    if turn.private is not None or not (inside(shelf, before) or inside(shelf, turn.session)):
        return turn
    effects = tuple(
        replace(one, chosen=None) if isinstance(one, TapAnswered) else one for one in turn.effects
    )
    return Turn(replace(turn.session, tapped=""), (DropWords(), *effects), private=True)
