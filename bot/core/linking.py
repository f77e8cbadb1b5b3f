"""A one-time link that is opened in another app: the pictures of whoever made it, or a word of staff.

Never shows anything of that person before, and never tells which picture was wrong.
"""

from dataclasses import replace

from bot.core.effects import LinkDeed, Send, Turn
from bot.core.events import Event, Start
from bot.core.message import Line, OutMessage
from bot.core.reply import ask_on
from bot.core.walk import Walk

MISSES_AT_MOST = 3  # of the pictures; then the link is of no more use


def refused(walk: Walk) -> Turn | None:
    """Why the link that is opened leads nowhere, said before the usual start; None: it leads on."""
    link = walk.contact.link
    if link is not None and link.contact != walk.contact.id and walk.shelf.live.link:
        return None
    said = "bot.link-gone" if link is None else "bot.link-already"
    return Turn(walk.before, (Send(OutMessage(walk.shelf.live.digest, (Line(said),))),))


def plain(event: Event) -> Event:
    """The same event as if no link had been opened."""
    return replace(event, body=replace(event.body, link="")) if isinstance(event.body, Start) else event


def opened(walk: Walk, event: Event) -> Turn:
    """Ask for the pictures; a link of staff joins at once."""
    link = walk.contact.link
    if link is not None and link.staff:
        walk.join()
    else:
        walk.open(walk.shelf.live.link)
    return ask_on(walk, event)


def joined(walk: Walk, event: Event) -> Turn:
    """The person goes on here where they stood; whoever has the chat is not interrupted."""
    walk.locked = False
    said = OutMessage(walk.shelf.live.digest, (Line("bot.link-joined"),))
    walk.effects.append(Send(said))
    if (at := walk.gate) is not None:
        del walk.frames[at:]
    if walk.frames:
        walk.move(asked=False)
    return ask_on(walk, event)


def tried(walk: Walk, draft: tuple[str, ...]) -> Line | None:
    """What is wrong with the pictures; after the last miss no link is left to open."""
    link = walk.contact.link
    if link is None:
        return Line("bot.link-gone")
    if draft == link.code:
        return None
    walk.effects.append(LinkDeed("miss"))
    if link.misses + 1 < MISSES_AT_MOST:
        return Line("bot.code-wrong")
    walk.contact = replace(walk.contact, link=None)
    return Line("bot.link-dead")
