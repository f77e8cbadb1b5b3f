"""Make a bot ready: prove the token, show its commands and descriptions, set or remove the webhook.

Never sends anything to people. Every failure is an AccountError that names the cure.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from telegram import Bot, BotCommand
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, TelegramError

from bot.channels.telegram.account import ApiUnreachable, BadToken, SetupRefused
from bot.channels.telegram.capabilities import (
    ALLOWED_UPDATES,
    COMMAND_DESCRIPTION_MAX,
    COMMANDS_MAX,
    DESCRIPTION_MAX,
    SHORT_DESCRIPTION_MAX,
)
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.request import Throttled
from bot.core.contact import Language

_COMMAND: Final = re.compile(r"[a-z0-9_]{1,32}")
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
_TRIES: Final = 3
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the token is."""

    id: int
    username: str
    name: str


@dataclass(frozen=True, slots=True)
class Introduction:
    """What people see of the bot in one language. `commands`: name → description, in menu order."""

    commands: Mapping[str, str]
    description: str
    short: str

    def __post_init__(self) -> None:
        """Raises SetupRefused for what Telegram would refuse."""
        if len(self.commands) > COMMANDS_MAX:
            raise SetupRefused("the commands", f"more than {COMMANDS_MAX}")
        for name, said in self.commands.items():
            if not _COMMAND.fullmatch(name):
                raise SetupRefused(f"the command {name!r}", "1-32 of a-z, 0-9 and _")
            if not 1 <= len(said) <= COMMAND_DESCRIPTION_MAX:
                raise SetupRefused(f"the description of /{name}", f"1-{COMMAND_DESCRIPTION_MAX} characters")
        if len(self.description) > DESCRIPTION_MAX:
            raise SetupRefused("the description", f"longer than {DESCRIPTION_MAX} characters")
        if len(self.short) > SHORT_DESCRIPTION_MAX:
            raise SetupRefused("the short description", f"longer than {SHORT_DESCRIPTION_MAX} characters")


async def identify(channel: TelegramChannel) -> Identity:
    """Prove the token. Raises BadToken, ApiUnreachable."""
    me = await _ask(channel, "getMe", channel.bot.get_me)
    return Identity(me.id, me.username or "", me.first_name)


async def introduce(
    channel: TelegramChannel, words: Mapping[Language, Introduction], default: Language = "km"
) -> None:
    """Commands and descriptions per language, `default` also for everybody else; only what differs is set."""
    spoken: tuple[tuple[str | None, Introduction], ...] = ((None, words[default]), *words.items())
    for language, words_of in spoken:
        await _introduce(channel, channel.bot, language, words_of)


async def _introduce(channel: TelegramChannel, bot: Bot, language: str | None, words: Introduction) -> None:
    commands = tuple(BotCommand(name, said) for name, said in words.commands.items())
    if await _ask(channel, "getMyCommands", lambda: bot.get_my_commands(language_code=language)) != commands:
        await _ask(channel, "setMyCommands", lambda: bot.set_my_commands(commands, language_code=language))
    about = await _ask(channel, "getMyDescription", lambda: bot.get_my_description(language))
    if about.description != words.description:
        await _ask(channel, "setMyDescription", lambda: bot.set_my_description(words.description, language))
    short = await _ask(channel, "getMyShortDescription", lambda: bot.get_my_short_description(language))
    if short.short_description != words.short:
        await _ask(
            channel, "setMyShortDescription", lambda: bot.set_my_short_description(words.short, language)
        )


async def set_webhook(channel: TelegramChannel, url: str, secret: str, connections: int = 40) -> None:
    """From now on Telegram posts updates to `url` with `secret` in X-Telegram-Bot-Api-Secret-Token.

    `connections`: 1-100 at once, 40 is Telegram's default (facts/channels.md §2.3).
    """
    if not _SECRET.fullmatch(secret):
        raise SetupRefused("telegram.webhook_secret", "1-256 of A-Z, a-z, 0-9, _ and -")
    await _ask(
        channel,
        "setWebhook",
        lambda: channel.bot.set_webhook(
            url, secret_token=secret, max_connections=connections, allowed_updates=ALLOWED_UPDATES
        ),
    )


async def delete_webhook(channel: TelegramChannel) -> None:
    """Polling may begin; what waits is kept."""
    await _ask(channel, "deleteWebhook", lambda: channel.bot.delete_webhook(drop_pending_updates=False))


async def _ask(channel: TelegramChannel, what: str, call: Callable[[], Awaitable[_T]]) -> _T:
    """The answer of a set-up call; waits as long as Telegram asks, at most twice."""
    for left in reversed(range(_TRIES)):
        try:
            return await call()
        except Throttled as error:
            if not left:
                raise SetupRefused(what, f"too many requests, wait {error.after:g} s") from None
            await asyncio.sleep(error.after)
        except InvalidToken:
            raise BadToken(channel.api_base) from None
        except (BadRequest, Forbidden, Conflict) as error:
            raise SetupRefused(what, error.message) from None
        except TelegramError as error:
            raise ApiUnreachable(channel.api_base, type(error).__name__) from None
        except (KeyError, TypeError, AttributeError):
            raise ApiUnreachable(channel.api_base, "what answers is not the Bot API") from None
    raise AssertionError("unreachable: the last try returns or raises")
