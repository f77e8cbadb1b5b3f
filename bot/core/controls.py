"""The keys of the buttons below a question, and which of them a typed label means.

Never decides what a control does: `reading` and `reply` do.
"""

import re

from bot.core import dialog, matching
from bot.core.book import Book
from bot.core.dialog import Node

DONE, HERE, AGREE, AGAIN, NO_MORE = "~done", "~here", "~agree", "~again", "~enough"
ALL = "~all"  # the whole question again, instead of what the bot asked "did you mean" of
CONTROLS = {
    "bot.skip": "~skip",
    "bot.back": "~back",
    "bot.why": "~why",
    "bot.help": "~help",
    "bot.person": "~person",
    "bot.menu": "~menu",
    "bot.none-of-these": ALL,
}
HIDE = "~hide"  # `route` takes it from any message, however old
ITEM = "~e"  # `~e3`: change the fourth line of the review
PAGE = "~page"  # `~page1`: the second page of the buttons
_ONWARD = "~onward"  # typed: the page after the one that was shown
_OTHERS = 99  # beyond the last page: the buttons below the question
_TURNS = {"bot.page-onward": _ONWARD, "bot.page-backward": f"{PAGE}0", "bot.page-others": f"{PAGE}{_OTHERS}"}


def named(book: Book, node: Node, text: str) -> str | None:
    """The key of a control by its label, which some channels send as words; free words turn no page."""
    free = isinstance(node.kind, dialog.TextNode | dialog.NameNode | dialog.MediaNode)
    for label, key in (CONTROLS if free else CONTROLS | _TURNS).items():
        if matching.named(book, label, text):
            return key
    return None


def page_of(key: str, shown: int) -> int | None:
    """The page that a control turns to; None for any other. `shown`: the present one."""
    if key == _ONWARD:
        return min(shown + 1, _OTHERS)
    number = key.removeprefix(PAGE)
    return min(int(number), _OTHERS) if key != number and re.fullmatch("[0-9]{1,2}", number) else None
