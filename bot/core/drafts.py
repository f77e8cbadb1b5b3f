"""What a half-given answer holds: the place around, ticked choices, and what the bot asks "did you mean" of.

Never reads what a person says: `reading` does, and makes the next draft.
"""

from bot.core import dialog
from bot.core.dialog import Choice
from bot.core.places import Gazetteer, Place

DEPTHS = {"province": 2, "district": 4, "commune": 6}  # digits of a code
CANDIDATES = "?"  # what follows it in a draft is what the bot asks about; in a place's draft it stands first

Draft = tuple[str, ...]


def ticked(draft: Draft) -> Draft:
    """The keys of the ticked choices."""
    return draft[: draft.index(CANDIDATES)] if CANDIDATES in draft else draft


def candidates(draft: Draft) -> Draft:
    """The keys that the bot asks about; none while the whole question is asked."""
    return draft[draft.index(CANDIDATES) + 1 :] if CANDIDATES in draft else ()


def offered(open_: tuple[Choice, ...], draft: Draft) -> tuple[Choice, ...]:
    """The choices that are shown now: those the bot asks about, the likeliest first, else all."""
    asked = {one.key: one for one in open_}
    return tuple(asked[key] for key in candidates(draft) if key in asked) or open_


def listed(places: Gazetteer, kind: dialog.PlaceNode, draft: Draft) -> tuple[Place, ...]:
    """The places to choose among now: candidates, or those inside the drafted one."""
    if draft and draft[0] == CANDIDATES:
        return tuple(place for code in draft[1:] if (place := places.by_code(code)) is not None)
    inside = places.children(draft[-1] if draft else "")
    head = [place for code in kind.first for place in inside if place.code == code]
    return (*head, *(place for place in inside if place not in head))
