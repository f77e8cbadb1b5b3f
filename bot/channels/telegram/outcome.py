"""What an error of the Bot API means for the part that was being sent (facts/channels.md §2.5).

Never sends again by itself and never repeats words of a person in a reason.
"""

from typing import Final

from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, TelegramError

from bot.channels.channel import Outcome, Refused, Retry, Sent, Uncertain
from bot.channels.telegram.request import NotSent, ServerTrouble, Throttled

_NOT_MODIFIED: Final = "message is not modified"
_UNEDITABLE: Final = ("message to edit not found", "message can't be edited")
_UNHELD: Final = ("wrong file identifier", "wrong remote file identifier", "file reference", "wrong file_id")
_NO_RECIPIENT: Final = ("chat not found", "user not found", "peer_id_invalid", "input_user_deactivated")
_FORBIDDEN: Final = (
    ("bot was blocked by the user", "blocked"),
    ("user is deactivated", "deactivated"),
    ("bot can't initiate conversation", "never-started"),
)


def is_uneditable(error: TelegramError) -> bool:
    """The message that should be edited is gone or too old: a new one says the same."""
    return isinstance(error, BadRequest) and any(words in error.message.lower() for words in _UNEDITABLE)


def is_unheld(error: TelegramError) -> bool:
    """Telegram does not know the file id (any more): the file must be uploaded again."""
    return isinstance(error, BadRequest) and any(words in error.message.lower() for words in _UNHELD)


def outcome_of(error: TelegramError, edited: str = "") -> Outcome:
    """`edited`: the message that was being edited; one that says the same already counts as sent."""
    match error:
        case Throttled():
            return Retry("throttled", after=error.after, account_wide=True)
        case BadRequest():  # before NetworkError, which it inherits from
            return _bad_request(error.message, edited)
        case Forbidden():
            words = error.message.lower()
            return Refused(
                next((name for text, name in _FORBIDDEN if text in words), "forbidden"), stop="person"
            )
        case InvalidToken():
            return Refused("bad-token", stop="account")
        case Conflict():
            return Retry("conflict")
        case NotSent():
            return Retry("not-sent")
        case ServerTrouble():
            return Retry("server-trouble")
        case _:  # TimedOut, NetworkError and unreadable answers: written, but the answer is lost
            return Uncertain("answer-lost")


def _bad_request(message: str, edited: str) -> Outcome:
    words = message.lower()
    if edited and _NOT_MODIFIED in words:
        return Sent(edited)
    if any(text in words for text in _NO_RECIPIENT):
        return Refused("bad-recipient", stop="person")
    return Refused(f"bad-request: {message[:120]}")
