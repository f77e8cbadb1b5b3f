"""Make a Page ready: prove its token, show greeting, Get Started and menu, choose the events it is told.

Never sends anything to people. Every failure is an AccountError that names the cure.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.channels.messenger.account import (
    BadPageToken,
    GraphUnreachable,
    NoPermission,
    NoSuchPage,
    PageRestricted,
    SetupRefused,
)
from bot.channels.messenger.capabilities import (
    COMMAND,
    GREETING_MAX,
    MENU_TITLE_MAX,
    START,
    WEBHOOK_FIELDS,
)
from bot.channels.messenger.channel import MessengerChannel
from bot.channels.messenger.graph import GraphTrouble, Refusal
from bot.channels.messenger.outcome import page_fault, throttled
from bot.core.contact import Language

Json = dict[str, Any]

_TRIES: Final = 3
_PAUSE: Final = 1.0  # seconds, where a throttling platform does not say how long
_LOCALES: Final[Mapping[Language, str]] = {"km": "km_KH", "en": "en_US"}
_PROFILE: Final = "get_started,greeting,persistent_menu"


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose the token is."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Introduction:
    """What people see of the Page in one language. `commands`: name → words, in menu order."""

    commands: Mapping[str, str]
    greeting: str

    def __post_init__(self) -> None:
        """Raises SetupRefused for what the platform would refuse."""
        for name, said in self.commands.items():
            if not 1 <= len(said) <= MENU_TITLE_MAX:
                raise SetupRefused(f"bot.command.{name}", f"1-{MENU_TITLE_MAX} characters")
        if not 1 <= len(self.greeting) <= GREETING_MAX:
            raise SetupRefused("bot.greeting", f"1-{GREETING_MAX} characters")


async def identify(channel: MessengerChannel) -> Identity:
    """Prove the token, and that it is this Page's. Raises an AccountError."""
    page = await _get(channel, "read the Page", channel.page_id, {"fields": "id,name"})
    if str(page.get("id")) != channel.page_id:
        raise NoSuchPage(channel.page_id)
    return Identity(channel.page_id, str(page.get("name", "")))


async def introduce(
    channel: MessengerChannel, words: Mapping[Language, Introduction], default: Language = "km"
) -> None:
    """Get Started, greeting and menu per language, `default` also for everybody else; only what differs.

    Raises an AccountError.
    """
    path = f"{channel.page_id}/messenger_profile"
    answer = await _get(channel, "read its profile", path, {"fields": _PROFILE})
    shown = next(iter(objects(answer)), {})
    wanted = _profile(words, default)
    differs = {name: value for name, value in wanted.items() if shown.get(name) != value}
    if differs:
        await _post(channel, "set its profile", path, differs)


async def subscribe(channel: MessengerChannel) -> None:
    """From now on the app is told every kind of event that we read; nothing is called when it is already.

    Where it is told (the webhook's address and its verify token) is typed in once in the app's settings.
    Raises an AccountError.
    """
    path = f"{channel.page_id}/subscribed_apps"
    told = [
        field for app in objects(await _get(channel, "read its webhook fields", path)) for field in _told(app)
    ]
    if not set(WEBHOOK_FIELDS) <= set(told):
        fields = ",".join(sorted({*WEBHOOK_FIELDS, *told}))
        await _post(channel, "choose its webhook fields", path, {"subscribed_fields": fields})


def _profile(words: Mapping[Language, Introduction], default: Language) -> Json:
    """`default` in our first language: km_KH is not in the platform's visible list (facts §3.3)."""
    spoken = {"default": words[default]} | {
        _LOCALES[language]: said for language, said in words.items() if language != default
    }
    return {
        "get_started": {"payload": START},
        "greeting": [{"locale": locale, "text": said.greeting} for locale, said in spoken.items()],
        "persistent_menu": [
            {
                "locale": locale,
                "composer_input_disabled": False,
                "call_to_actions": [
                    {"type": "postback", "title": title, "payload": f"{COMMAND}{name}"}
                    for name, title in said.commands.items()
                ],
            }
            for locale, said in spoken.items()
        ],
    }


def objects(answer: Json) -> list[Json]:
    """What an edge lists."""
    data = answer.get("data")
    return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []


def _told(app: Json) -> list[str]:
    fields = app.get("subscribed_fields")
    return [str(one) for one in fields] if isinstance(fields, list) else []


async def _get(
    channel: MessengerChannel, what: str, path: str, params: Mapping[str, str] | None = None
) -> Json:
    return await ask(channel, what, lambda: channel.graph.get(path, params))


async def _post(channel: MessengerChannel, what: str, path: str, body: Json) -> Json:
    return await ask(channel, what, lambda: channel.graph.post(path, body))


async def ask(channel: MessengerChannel, what: str, call: Callable[[], Awaitable[Json]]) -> Json:
    """The answer of a set-up call; waits as long as the platform asks, at most twice.

    `what`: what the app does by it, in words. Raises an AccountError.
    """
    for left in reversed(range(_TRIES)):
        try:
            return await call()
        except Refusal as error:
            if not throttled(error) or not left:
                raise _complaint(channel, what, error) from None
            await asyncio.sleep(error.after if error.after is not None else _PAUSE)
        except GraphTrouble as error:
            raise GraphUnreachable(channel.graph.base, f"{type(error).__name__} {error}") from None
    raise AssertionError("unreachable: the last try returns or raises")


def _complaint(channel: MessengerChannel, what: str, error: Refusal) -> Exception:
    number = str(error)
    match page_fault(error):
        case "bad-token":
            return BadPageToken(channel.graph.base, number)
        case "no-such-page":
            return NoSuchPage(channel.page_id)
        case "page-restricted":
            return PageRestricted(number)
        case "no-permission":
            return NoPermission(what, number)
        case _:
            return SetupRefused(f"to {what}", number)
