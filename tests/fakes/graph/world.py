"""Everything the fake knows: people, their threads with the Page, files, templates and the Page's set-up.

Never speaks HTTP.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

INBOX_APP = "263902037430900"  # the Page inbox (facts/channels.md §3.7)
UPLOAD_FOR = timedelta(days=90)  # a reusable attachment lives so long (§3.2)
GIVEN = frozenset({"pages_messaging", "pages_manage_metadata", "pages_read_engagement", "pages_show_list"})
# Meta's template languages, without Khmer (§3.6 [C]); a test adds what it wants accepted
LANGUAGES = frozenset(
    {"en", "en_US", "en_GB", "fr", "th", "vi", "lo", "id", "ms", "fil", "zh_CN", "ja", "ko"}
)

Way = Literal["free", "template", "human"]


@dataclass(frozen=True, slots=True)
class Button:
    """What a person can press. `stays`: a template's button; a quick reply vanishes with the next message."""

    label: str
    payload: str
    stays: bool = False
    kind: str = "text"  # text | user_phone_number | user_email | postback | web_url | phone_number


@dataclass(frozen=True, slots=True)
class Got:
    """A message as the person sees it. `form`: as it was sent; `file`: the bytes of an attachment."""

    mid: str
    text: str
    choices: tuple[Button, ...]
    way: Way
    metadata: str
    at: datetime
    form: dict[str, Any]
    file: bytes = b""

    @property
    def buttons(self) -> list[str]:
        """The labels."""
        return [button.label for button in self.choices]


@dataclass(slots=True)
class Thread:
    """One person's chat with the Page. `shut`: Graph says that the window is closed, whatever the clock."""

    psid: str
    name: str = "សុខា"
    acted_at: datetime | None = None
    blocked: bool = False
    shut: bool = False
    owner: str = ""  # the app that has the thread; "": ours
    got: list[Got] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # mids of the person's own messages
    actions: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Upload:
    """A reusable attachment."""

    kind: str
    content: bytes
    until: datetime


@dataclass(slots=True)
class Utility:
    """A message template."""

    id: str
    name: str
    language: str
    status: str
    form: dict[str, Any]


class World:
    """`clock`: aware time of the fake; `shift`: how far it is ahead of that."""

    def __init__(self, page_id: str, clock: Callable[[], datetime] | None = None) -> None:
        self.page_id = page_id
        self.clock = clock or (lambda: datetime.now(UTC))
        self.shift = timedelta(0)
        self.threads: dict[str, Thread] = {}
        self.uploads: dict[str, Upload] = {}
        self.media: dict[str, tuple[str, bytes]] = {}  # what people sent: name → mime, bytes
        self.templates: dict[tuple[str, str], Utility] = {}
        self.languages = set(LANGUAGES)
        self.verdict = "APPROVED"  # what becomes of a new template: APPROVED, PENDING or REJECTED
        self.profile: dict[str, Any] = {}
        self.subscribed: set[str] | None = None  # None: every field, as if chosen by hand on the web
        self.permissions = set(GIVEN)
        self.human_agent = False
        self.token_error = ""  # an ERRORS name while the Page's token is no good
        self._numbers = itertools.count(1)

    def number(self) -> int:
        return next(self._numbers)

    def mid(self) -> str:
        return f"m_TEST{self.number():08d}-fake"

    def now(self) -> datetime:
        return self.clock() + self.shift

    def milliseconds(self) -> int:
        return int(self.now().timestamp() * 1000)

    def thread(self, psid: str) -> Thread:
        return self.threads.setdefault(psid, Thread(psid))

    def acted(self, psid: str) -> None:
        """The person did what opens the window (§3.3)."""
        thread = self.thread(psid)
        thread.acted_at = self.now()
        thread.shut = False

    def upload(self, kind: str, content: bytes) -> str:
        name = f"{9_000_000_000_000 + self.number()}"
        self.uploads[name] = Upload(kind, content, self.now() + UPLOAD_FOR)
        return name

    def add_media(self, mime: str, content: bytes, suffix: str) -> str:
        name = f"{self.number()}_n.{suffix}"
        self.media[name] = (mime, content)
        return name
