"""What an error of the Graph API means for the part that was being sent (facts/channels.md §3.5).

Never sends again by itself, never repeats the platform's words, and never blames a person for a fault
of the Page.
"""

from typing import Final

from bot.channels.channel import Outcome, Refused, Retry, Shut, Uncertain
from bot.channels.messenger.graph import AnswerLost, GraphTrouble, NotSent, Refusal, ServerTrouble

_THROTTLED: Final = frozenset({4, 17, 32, 613, 80006})  # 80006: the same, of Messenger alone
_TRANSIENT: Final = frozenset({-1, 1, 2, 1200})
_SHUT: Final = frozenset({2018278, 2534022, 2018065})  # of code 10
_UNREACHABLE: Final = frozenset({(10, 2018108), (200, 1545041)})
_ELSEWHERE: Final = (10, 2018300)  # another app holds this one chat: the fault of nobody
_RESTRICTED: Final = (10, 1893063)
_NO_SUCH_PAGE: Final = (100, 33)  # the object in the address, which is the Page
_NO_SUCH_PERSON: Final = (100, 2018001)
_PERMISSION: Final = frozenset({3, 10, 200, 299})
_BUG: Final = 100


def outcome_of(error: GraphTrouble) -> Outcome:
    """Every kind of trouble as an outcome; reasons hold numbers of the platform only."""
    match error:
        case Refusal():
            return _refused(error)
        case NotSent():
            return Retry("not-sent")
        case ServerTrouble():
            return Retry("server-trouble")
        case AnswerLost():
            return Uncertain("answer-lost")
        case _:
            return Uncertain("unknown-trouble")


def is_unheld(error: GraphTrouble) -> bool:
    """Whether a send by `attachment_id` failed because of what was asked: then the bytes may do.

    An id lives 90 days (§3.2). The platform's number for one that is gone is not documented; a message
    whose bytes are given anew and fails again is refused as it is.
    """
    if not isinstance(error, Refusal) or error.code != _BUG or error.unproven:
        return False
    return (error.code, error.subcode) not in {_NO_SUCH_PAGE, _NO_SUCH_PERSON}


def throttled(error: Refusal) -> bool:
    """Whether everybody must wait."""
    return error.code in _THROTTLED or error.status == 429


def page_fault(error: Refusal) -> str:
    """The name of what is wrong with the whole Page or its token; "" when it is not the Page's."""
    kind = (error.code, error.subcode)
    if kind in _UNREACHABLE or kind == _ELSEWHERE or (error.code == 10 and error.subcode in _SHUT):
        return ""
    if error.code in {190, 102}:
        return "bad-token"
    if error.unproven:
        return "bad-proof"
    if kind == _RESTRICTED or error.code == 368:
        return "page-restricted"
    if kind == _NO_SUCH_PAGE:
        return "no-such-page"
    return "no-permission" if error.code in _PERMISSION else ""


def bars(error: GraphTrouble) -> bool:
    """Whether the Page lacks a permission: of a way outside the window, for that way alone."""
    return isinstance(error, Refusal) and page_fault(error) == "no-permission"


def _refused(error: Refusal) -> Outcome:
    number = str(error)
    kind = (error.code, error.subcode)
    if throttled(error):
        return Retry("throttled", after=error.after, account_wide=True)
    if error.code == 10 and error.subcode in _SHUT:
        return Shut()
    if error.code in {551, 230} or kind in _UNREACHABLE:
        return Refused("unreachable", stop="person")
    if kind == _NO_SUCH_PERSON:
        return Refused("bad-recipient", stop="person")
    if kind == _ELSEWHERE:
        return Refused("another-app-has-the-chat")
    if fault := page_fault(error):
        return Refused(f"{fault} {number}", stop="account")
    if error.code == _BUG or error.status == 413:
        return Refused(f"bad-request {number}" if error.code else "too-large")
    if error.code in _TRANSIENT or error.transient or error.status >= 500:
        return Retry(f"server-trouble {number}")
    return Uncertain(f"unknown-error {number}")
