"""The settings of an installation: frozen sections, every key with its type, default and description.

Never reads a file or the environment (see `reading`), and never shows a secret.
"""

import re
from collections.abc import Callable
from datetime import time, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.core import duration
from bot.core.contact import Language
from bot.core.schedule import PHNOM_PENH

PREFIX = "SPEAN_"
TELEGRAM = "https://api.telegram.org"
GRAPH = "https://graph.facebook.com"


# --- the types of single values --------------------------------------------------------------


def _zone(value: object) -> object:
    try:
        return ZoneInfo(value) if isinstance(value, str) else value
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("there is no such time zone") from error


def _length(value: object) -> object:
    length = duration.read(value) if isinstance(value, str) else value
    if not isinstance(length, timedelta):
        raise ValueError("this is not a length of time")  # noqa: TRY004 (pydantic collects ValueError only)
    return length


def _hours(value: object) -> object:
    if not isinstance(value, str):
        return value
    start, dash, end = value.partition("-")
    if not dash:
        raise ValueError("this is not a span of hours")
    return time.fromisoformat(start.strip()), time.fromisoformat(end.strip())


def _list(value: object) -> object:
    return (
        tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value
    )


def _networks(value: tuple[str, ...]) -> tuple[str, ...]:
    for one in value:
        ip_network(one)
    return value


def _address(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError("this is not a web address")
    return value.rstrip("/")


def _of_this_machine(host: str) -> bool:
    """Whether nobody else's machine can open this address; a name other than localhost may be anybody's."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _store(value: str) -> str:
    if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("this is not the address of a store that Spean knows")
    return value


def _shaped(shape: str) -> Callable[[SecretStr], SecretStr]:
    def checked(secret: SecretStr) -> SecretStr:
        if re.fullmatch(shape, secret.get_secret_value()) is None:
            raise ValueError("it does not look like one")
        return secret

    return checked


Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Length = Annotated[timedelta, BeforeValidator(_length)]
Hours = Annotated[tuple[time, time], NoDecode, BeforeValidator(_hours)]
Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_list)]
Networks = Annotated[Listed, AfterValidator(_networks)]
WebAddress = Annotated[str, BeforeValidator(_address)]
Token = Annotated[SecretStr, AfterValidator(_shaped(r"[0-9]{1,20}:[A-Za-z0-9_-]{3,100}"))]
Secret = Annotated[SecretStr, AfterValidator(_shaped(r"[A-Za-z0-9_-]{1,256}"))]
PageToken = Annotated[SecretStr, AfterValidator(_shaped(r"[A-Za-z0-9_|.-]{1,512}"))]
AppSecret = Annotated[SecretStr, AfterValidator(_shaped(r"[A-Za-z0-9_-]{1,256}"))]
Rate = Annotated[float, Field(ge=1, le=1000)]
Port = Annotated[int, Field(ge=0, le=65535)]


# --- the sections; a description completes the sentence "write …" ------------------------------


class Section(BaseModel):
    """A table of `bot.toml`. `from_file`: keys that `<key>_file` may give instead."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, arbitrary_types_allowed=True
    )
    from_file: ClassVar[frozenset[str]] = frozenset()


class BotSection(Section):
    """`[bot]`: what the bot is called and when it may write by itself."""

    name: str = Field("ស្ពាន", min_length=1, max_length=64, description="the bot's name, 1 to 64 characters")
    default_language: Language = Field("km", description='"km" or "en"')
    timezone: Zone = Field(PHNOM_PENH, description='a zone such as "Asia/Phnom_Penh"')
    quiet_hours: Hours = Field(
        (time(20), time(7)), description='the hours without messages of our own, such as "20:00-07:00"'
    )


class StorageSection(Section):
    """`[storage]`: where everything is kept, and the key that seals it."""

    from_file: ClassVar[frozenset[str]] = frozenset({"url"})
    url: Annotated[str, BeforeValidator(_store)] = Field(
        "sqlite:///var/spean.db",
        repr=False,
        description='"sqlite:///var/spean.db" or "postgresql+psycopg://user:password@host/name"',
    )
    master_key_file: Path = Field(
        Path("var/master.key"), description="a file name; the file is made at first start"
    )
    backup_folder: Path = Field(
        Path("var/backups"), description="a folder of backups only; older ones are deleted there"
    )


class WebSection(Section):
    """`[web]`: the public listener and the internal one."""

    host: str = Field("127.0.0.1", description="an address of this machine")
    port: Port = Field(8080, description="a port number from 0 to 65535 (0: any free one)")
    public_url: WebAddress = Field(
        "", description='the address people see, such as "https://spean.example.org"'
    )
    internal_host: str = Field("127.0.0.1", description="an address that only you can reach")
    internal_port: Port = Field(8081, description="a port number from 0 to 65535 (0: any free one)")
    trusted_proxies: Networks = Field(
        (),
        description='a list of addresses of your own reverse proxies, such as "10.0.0.1" or "10.0.0.0/8"',
    )


class TelegramSection(Section):
    """`[telegram]`: the bot's account on Telegram."""

    from_file: ClassVar[frozenset[str]] = frozenset({"token", "webhook_secret"})
    enabled: bool = Field(default=False, description="true or false")
    token: Token | None = Field(
        None, description="the token that @BotFather gave you: digits, a colon, letters and digits"
    )
    api_base: WebAddress = Field(TELEGRAM, description=f'a web address such as "{TELEGRAM}"')
    mode: Literal["polling", "webhook"] = Field("polling", description='"polling" or "webhook"')
    webhook_secret: Secret | None = Field(None, description="1 to 256 letters, digits, _ or -")
    rate: Rate = Field(25.0, description="how many messages may leave in a second, such as 25")
    chat_rate: Rate = Field(1.0, description="how many of them to one chat, after three at once, such as 1")


class MessengerSection(Section):
    """`[messenger]`: the centres' Page on Facebook."""

    from_file: ClassVar[frozenset[str]] = frozenset({"page_token", "app_secret", "verify_token"})
    enabled: bool = Field(default=False, description="true or false")
    page_id: str = Field("", pattern=r"^[0-9]{0,32}$", description="the number of the Page")
    page_token: PageToken | None = Field(None, description="the Page's access token: letters and digits")
    app_secret: AppSecret | None = Field(None, description="the app's secret: 32 letters and digits")
    verify_token: Secret | None = Field(None, description="1 to 256 letters, digits, _ or -")
    graph_base: WebAddress = Field(GRAPH, description=f'a web address such as "{GRAPH}"')
    graph_version: str = Field("v26.0", pattern=r"^v[0-9]{1,3}\.[0-9]$", description='such as "v26.0"')
    rate: Rate = Field(40.0, description="how many messages may leave in a second, such as 40")
    window_margin: Length = Field(
        timedelta(hours=1),
        description='a length of time such as "1h": what goes out by itself stops that much earlier',
    )


class PrivacySection(Section):
    """`[privacy]`: how long what people tell us is kept; then `spean purge` forgets it."""

    raw_updates: Length = Field(
        timedelta(days=7), description='a length of time such as "7d": events that met a fault of ours'
    )
    words: Length = Field(
        timedelta(days=30),
        description='a length of time such as "30d": the chat, after the case closed or the last message',
    )
    unconsented_words: Length = Field(
        timedelta(hours=24), description='a length of time such as "24h": the chat of who has not agreed'
    )
    unfinished: Length = Field(
        timedelta(days=30), description='a length of time such as "30d": what was begun and not finished'
    )
    closed_cases: Length = Field(
        timedelta(days=365), description='a length of time such as "365d": closed cases, then counts only'
    )
    backup_days: Length = Field(
        timedelta(days=30), description='a length of time such as "30d": how long a backup lives'
    )


class BroadcastSection(Section):
    """`[broadcast]`: announcements to many."""

    approve_above: int = Field(
        200,
        ge=0,
        le=1_000_000,
        description="a number of people: more get an announcement only when a second person approves it",
    )


class CentreSection(Section):
    """One `[[centre]]`: the id of `dialogs/centres.toml`, and how soon it promises to answer."""

    id: str = Field(
        pattern=r"^[a-z][a-z0-9-]*$", description='the id of dialogs/centres.toml, such as "pursat"'
    )
    province: str = Field(pattern=r"^[0-9]{2}$", description='the two digits of the province, such as "15"')
    answer_within: Length = Field(timedelta(days=2), description='a length of time such as "24h" or "2d"')


CENTRES = (
    CentreSection(id="oddar-meanchey", province="22"),
    CentreSection(id="pursat", province="15"),
    CentreSection(id="preah-vihear", province="13"),
)


class Settings(BaseSettings):
    """Everything about this installation. Made by `load` only."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, hide_input_in_errors=True
    )
    bot: BotSection = BotSection()
    storage: StorageSection = StorageSection()
    web: WebSection = WebSection()
    telegram: TelegramSection = TelegramSection()
    messenger: MessengerSection = MessengerSection()
    privacy: PrivacySection = PrivacySection()
    broadcast: BroadcastSection = BroadcastSection()
    centre: tuple[CentreSection, ...] = CENTRES

    @property
    def erasures_log(self) -> Path:
        """Where it is written down who was erased: beside the master key, in no store or backup."""
        return self.storage.master_key_file.parent / "erasures.log"

    @property
    def sample(self) -> bool:
        """Whether nobody real is reached: no platform is on, and only this machine can open the page."""
        public = self.web.public_url or not _of_this_machine(self.web.host)
        return not (self.telegram.enabled or self.messenger.enabled or public)

    def kept_in(self, folder: Path) -> "Settings":
        """The same, with the SQLite store, its key and its backups in `folder`."""
        storage = StorageSection(
            url=f"sqlite:///{folder / 'spean.db'}",
            master_key_file=folder / "master.key",
            backup_folder=folder / "backups",
        )
        return self.model_copy(update={"storage": storage})

    def listening_on(self, port: int) -> "Settings":
        """The same, with the public listener on another port."""
        return self.model_copy(update={"web": self.web.model_copy(update={"port": port})})
