"""A picture, film or file that nobody asked for: held for a while, and offered back.

Never keeps it by itself and never looks inside.
"""

from bot.core.dialog import MediaNode
from bot.core.effects import HoldMedia, Turn
from bot.core.events import Event, Media
from bot.core.reply import ask_on
from bot.core.walk import Walk

FILES = ("image", "video", "document")


def unasked(walk: Walk, media: Media) -> bool:
    """Whether it answers no question; a newcomer chooses a language first."""
    if media.kind not in FILES or not walk.shelf.live.unasked or not walk.contact.language_chosen:
        return False
    if not walk.frames:
        return True
    kind = walk.current[1].kind
    answers = isinstance(kind, MediaNode) and media.kind in kind.kinds
    more = bool(media.album) and media.album == walk.album and not _offered(walk)  # of what was an answer
    return not answers and not more


def offer(walk: Walk, event: Event, media: Media) -> Turn:
    """Hold it and ask what becomes of it: once for a whole album, and for all that is held."""
    walk.effects.append(HoldMedia(media.ref, media.kind, media.mime, media.size))
    if media.album and media.album == walk.album:
        return Turn(walk.finish(), tuple(walk.effects))
    walk.album = media.album
    walk.open(walk.shelf.live.unasked)
    return ask_on(walk, event)


def _offered(walk: Walk) -> bool:
    return walk.frame.dialog == walk.shelf.live.unasked
