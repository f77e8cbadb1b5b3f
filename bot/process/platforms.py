"""The platforms of the settings: their channels, how fast each may be spoken to, and making them ready.

Never sends to people, and never makes one ready from two processes at once.
"""

from collections.abc import Awaitable, Callable, Mapping

from bot.channels.channel import Channel
from bot.channels.messenger import probe as probing
from bot.channels.messenger import setup as messenger_setup
from bot.channels.messenger.channel import MessengerChannel
from bot.channels.telegram import setup as telegram_setup
from bot.channels.telegram.channel import TelegramChannel
from bot.clock import Clock
from bot.config.settings import Settings
from bot.core.contact import LANGUAGES, Language
from bot.core.pace import Limits
from bot.core.window import Grants
from bot.i18n import Words
from bot.runner import links
from bot.runner.holding import Holding
from bot.web.webhooks import MessengerHook, TelegramHook
from storage import grants
from storage.database import Database

COMMANDS = ("menu", "fairs", "person", "mydata", "language", "hide", "stop", "help")
MEDIA_RATE = 10.0  # of Messenger, sound and pictures a second (facts: channels 3.2)


class Platforms:
    """`channels`: by account, those to which this installation sends."""

    def __init__(self, config: Settings, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self.telegram = _telegram(config)
        self.messenger = messenger_of(config)
        served: tuple[Channel | None, ...] = (self.telegram, self.messenger)
        self.channels: Mapping[str, Channel] = {one.account: one for one in served if one is not None}

    def limits(self) -> Mapping[str, Limits]:
        """How fast each may be spoken to, by account."""
        found = {}
        if self.telegram is not None:
            chosen = self._config.telegram
            found[self.telegram.account] = Limits(chosen.rate, chosen.chat_rate)
        if self.messenger is not None:
            found[self.messenger.account] = Limits(self._config.messenger.rate, media=MEDIA_RATE)
        return found

    def telegram_hook(self) -> TelegramHook | None:
        """Where Telegram posts, if it does."""
        secret = self._config.telegram.webhook_secret
        if self.telegram is None or self._config.telegram.mode != "webhook" or secret is None:
            return None
        return TelegramHook(self.telegram.account, secret.get_secret_value().encode())

    def messenger_hook(self) -> MessengerHook | None:
        """Where Meta posts."""
        chosen = self._config.messenger
        if self.messenger is None or chosen.app_secret is None or chosen.verify_token is None:
            return None
        secret, token = chosen.app_secret.get_secret_value(), chosen.verify_token.get_secret_value()
        return MessengerHook(self.messenger.account, secret.encode(), token.encode())

    async def make_ready(
        self, account: str, database: Database, worker: str, words: Callable[[], Awaitable[Words]]
    ) -> None:
        """Prove its token and show people who we are. Raises AccountError, StoreFault."""
        holding = Holding(database, f"setup {account}", worker)
        match self.channels[account]:
            case TelegramChannel() as telegram:
                await holding.once(lambda: self._telegram_ready(telegram, words, database))
            case MessengerChannel() as messenger:
                await holding.once(lambda: self._messenger_ready(messenger, words, database))

    async def close(self) -> None:
        """Close every connection."""
        for channel in (self.telegram, self.messenger):
            if channel is not None:
                await channel.close()

    async def _telegram_ready(
        self, telegram: TelegramChannel, words: Callable[[], Awaitable[Words]], database: Database
    ) -> None:
        identity = await telegram_setup.identify(telegram)
        await database.run(lambda conn: links.known_as(conn, telegram.account, identity.username))
        spoken = await words()
        said = {
            language: telegram_setup.Introduction(
                commands=_commands(spoken, language),
                description=spoken.say("bot.description", language),
                short=spoken.say("bot.short-description", language),
            )
            for language in LANGUAGES
        }
        await telegram_setup.introduce(telegram, said, self._config.bot.default_language)
        secret, web = self._config.telegram.webhook_secret, self._config.web
        if self._config.telegram.mode == "webhook" and secret is not None:
            base = web.public_url or f"http://{web.host}:{web.port}"
            await telegram_setup.set_webhook(telegram, f"{base}/webhook/telegram", secret.get_secret_value())
        else:
            await telegram_setup.delete_webhook(telegram)

    async def _messenger_ready(
        self, messenger: MessengerChannel, words: Callable[[], Awaitable[Words]], database: Database
    ) -> None:
        await messenger_setup.identify(messenger)
        spoken = await words()
        said = {
            language: messenger_setup.Introduction(
                commands=_commands(spoken, language), greeting=spoken.say("bot.greeting", language)
            )
            for language in LANGUAGES
        }
        await messenger_setup.introduce(messenger, said, self._config.bot.default_language)
        await messenger_setup.subscribe(messenger)
        found, now = await probing.probe(messenger), self._clock.now()
        may = Grants(found.templates, found.human_agent)
        await database.run(lambda conn: grants.put(conn, messenger.account, may, now, utility=found.utility))


def _commands(words: Words, language: Language) -> dict[str, str]:
    return {name: words.say(f"bot.command.{name}", language) for name in COMMANDS}


def _telegram(config: Settings) -> TelegramChannel | None:
    token = config.telegram.token
    if not config.telegram.enabled or token is None:
        return None
    return TelegramChannel(token.get_secret_value(), config.telegram.api_base)


def messenger_of(config: Settings) -> MessengerChannel | None:
    """The Page of the settings; None where there is none. Reaches for nothing."""
    chosen = config.messenger
    if not chosen.enabled or chosen.page_token is None or chosen.app_secret is None:
        return None
    return MessengerChannel(
        chosen.page_id,
        chosen.page_token.get_secret_value(),
        chosen.app_secret.get_secret_value(),
        chosen.graph_base,
        chosen.graph_version,
        chosen.window_margin,
    )
