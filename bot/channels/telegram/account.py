"""A bot token: whose it is, and the errors of an account that cannot work.

Never prints the token.
"""

# ruff: noqa: N818 - errors are named as what happened

import re
from typing import Final

from bot.channels.account import AccountError

_TOKEN: Final = re.compile(r"([0-9]{1,20}):[A-Za-z0-9_-]{3,}")


class BadToken(AccountError):
    """The token is malformed, revoked or of another server."""

    def __init__(self, api_base: str = "") -> None:
        where = f" by {api_base}" if api_base else ""
        super().__init__(
            f"telegram.token was refused{where}: copy the token of your bot from @BotFather "
            "into telegram.token (or SPEAN_TELEGRAM__TOKEN) and start again"
        )


class ApiUnreachable(AccountError):
    """Nobody answers at `api_base`, or something that is not the Bot API."""

    def __init__(self, api_base: str, reason: str) -> None:
        super().__init__(
            f"telegram.api_base {api_base} cannot be reached ({reason}): check the network, "
            "and telegram.api_base in bot.toml"
        )


class SetupRefused(AccountError):
    """Telegram refused a setting: our words or addresses break one of its rules."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(f"Telegram refused {what}: {reason}")


class AnotherPoller(AccountError):
    """Somebody else reads this bot's updates."""

    def __init__(self, account: str) -> None:
        super().__init__(
            f"another program reads the updates of {account}, or a webhook is set: stop the other one, "
            "or give this installation a bot of its own"
        )


def bot_id(token: str) -> int:
    """The bot's own number, the first part of its token. Raises BadToken."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise BadToken
    return int(match[1])
