"""Messages taken back: ours and theirs, as far as the Bot API lets a bot.

Never takes it for a failure when some of them are gone already or too old.
"""

from collections.abc import Sequence
from typing import Final

from telegram.error import BadRequest, TelegramError

from bot.channels.channel import Outcome, Refused, Sent
from bot.channels.telegram.outcome import outcome_of
from bot.channels.telegram.send import Call

_AT_ONCE: Final = 100  # deleteMessages takes 1-100 ids (Bot API)


async def delete(call: Call, address: str, messages: Sequence[str]) -> Outcome:
    """Delete them; a failure of Telegram or the network is an outcome, never an exception."""
    if not address.isascii() or not address.isdigit():
        return Refused("bad-recipient", stop="person")
    numbers = [int(message) for message in messages if message.isascii() and message.isdigit()]
    try:
        for start in range(0, len(numbers), _AT_ONCE):
            await _delete(call, int(address), numbers[start : start + _AT_ONCE])
    except TelegramError as error:
        return outcome_of(error)
    return Sent("")


async def _delete(call: Call, chat: int, numbers: Sequence[int]) -> None:
    """One that Telegram refuses must keep no other: the two halves are tried by themselves."""
    try:
        await call("deleteMessages", {"chat_id": chat, "message_ids": list(numbers)})
    except BadRequest as error:
        outcome = outcome_of(error)
        if isinstance(outcome, Refused) and outcome.stop != "nothing":
            raise
        if len(numbers) > 1:
            middle = len(numbers) // 2
            await _delete(call, chat, numbers[:middle])
            await _delete(call, chat, numbers[middle:])
