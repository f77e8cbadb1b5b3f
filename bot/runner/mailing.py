"""Letters: what goes to people unasked, to one or to a hundred at a time, into the outbox.

Never asks whether somebody may be told (`core.unasked` does), and never sends.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Literal

import structlog
from sqlalchemy import Connection

from bot.core.channel import Document, Part, Rendered, Template
from bot.core.contact import Contact
from bot.core.message import Line, Verbatim
from bot.core.outward import label as label_of
from bot.core.reach import Reach, best
from bot.core.window import way
from bot.runner.forms import dump_part
from bot.runner.notice import Desk
from bot.runner.reach import PULLED
from bot.runner.render import Voice
from bot.runner.voices import sounds, told
from bot.scripts import Release
from storage import grants, queueing, recipients
from storage.outbox import Draft, Lane
from storage.queueing import Queued
from storage.recipients import Recipient

log = structlog.get_logger()

Outcome = Literal["queued", "waits", "there already", "no channel"]


@dataclass(frozen=True, slots=True)
class Letter:
    """What is said. `lines` become paragraphs. `buttons`: payload and label; `url:https://…` opens a page.

    `template`: says the same where the platform lets no free words leave, in the words of its language.
    `enclosures`: pictures and recordings of ours, each a part of its own before the words.
    """

    lines: tuple[Line | Verbatim, ...]
    buttons: tuple[tuple[str, Line | Verbatim], ...] = ()
    template: Template | None = None
    enclosures: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """A letter to somebody. `cause`: unique for ever, of internal ids; further parts get `:1`, `:2`, ….

    `lasts`: until when it is of use where it is kept until they write; else until it expires. `again`: some
    of its parts may have left before; only what is missing is queued.
    """

    to: Recipient
    letter: Letter
    lane: Lane
    cause: str
    not_before: datetime | None = None
    expires: datetime | None = None
    lasts: datetime | None = None
    again: bool = False


def channels(desk: Desk) -> frozenset[str]:
    """The names of the channels that letters may go by."""
    return frozenset(desk.capabilities) - PULLED


def load(conn: Connection, desk: Desk, ids: Sequence[int], now: datetime) -> list[Recipient]:
    """The people of these ids whom letters reach, in the order of their ids, each where we may write best.

    Their sessions are locked: what is mailed to them is mailed in the same transaction.
    """
    loaded = recipients.load(conn, desk.vault, ids, channels(desk))
    for contact_id in sorted(loaded.damaged):
        log.error("person damaged", contact=contact_id)
    return [_best(desk, tuple(places), now) for _, places in groupby(loaded.found, key=_whose)]


def draw(desk: Desk, live: Release, letter: Letter, who: Contact) -> tuple[Part, ...]:
    """A letter as the channel of `who` shows it; of them only language, channel and `listens` count."""
    voice = Voice(live.words, live.words, live.book, who.language, {})
    text = "\n\n".join(words for line in letter.lines if (words := voice.say(line)))
    labels = tuple(label_of(payload, voice.say(label)) for payload, label in letter.buttons)
    heard = sounds([line.id for line in letter.lines if isinstance(line, Line)], live, live, who.language)
    rendered = Rendered(text, labels, sticky=True)
    parts = told(rendered, heard, voice, desk.capabilities[who.channel], first=who.listens)
    if letter.template is not None:  # it stands for the words: the last part has the buttons
        parts = (*parts[:-1], replace(parts[-1], template=letter.template))
    return (*(Part("", document=one) for one in letter.enclosures), *parts)


def mail(conn: Connection, desk: Desk, posts: Sequence[Post], now: datetime) -> list[Outcome]:
    """Queue letters, a handful of statements for all; what became of each, in their order.

    `waits`: the platform lets no free words leave by then, as far as we know now, and no template says the
    same, so that it is kept until they write. The people were loaded in this transaction.
    """
    known = queueing.there(conn, [post.cause for post in posts])
    drawn = _Drawn(desk, desk.library.live(conn))
    granted = {name: grants.of(conn, name) for name in {post.to.person.account for post in posts}}
    queued: list[Queued] = []
    outcomes: list[Outcome] = []
    for post in posts:
        person = post.to.person
        if person.contact.channel not in channels(desk):
            outcomes.append("no channel")
        elif post.cause in known and not post.again:
            outcomes.append("there already")
        else:
            window = desk.capabilities[person.contact.channel].window
            template = post.letter.template.key if post.letter.template else ""
            leaves = max(post.not_before or now, now)
            stands = post.to.standing
            shut = (
                window is not None
                and way("automatic", template, stands, window, granted[person.account], leaves) == "held"
            )
            queued.append(Queued(person, tuple(_drafts(post, drawn.parts(post))), post.to.shut))
            outcomes.append("waits" if shut else "queued")
    queueing.many(conn, queued, now)
    return outcomes


def _whose(to: Recipient) -> int:
    return to.person.contact.id


def _best(desk: Desk, places: Sequence[Recipient], now: datetime) -> Recipient:
    """Where they can be reached best, by what `reach` says of one person."""
    known = [
        Reach(at, desk.capabilities[one.person.contact.channel].window, one.standing)
        for at, one in enumerate(places)
    ]
    chosen = best(known, "automatic", now)
    return places[chosen.address if chosen else 0]


def _drafts(post: Post, forms: Sequence[bytes]) -> Iterator[Draft]:
    for at, form in enumerate(forms):
        cause = f"{post.cause}:{at}" if at else post.cause
        yield Draft(cause, post.lane, form, post.not_before, post.expires, post.lasts)


class _Drawn:
    """Letters in words, each drawn once for a language and a channel."""

    def __init__(self, desk: Desk, live: Release) -> None:
        self._desk, self._live = desk, live
        self._forms: dict[tuple[int, str, str, bool], tuple[bytes, ...]] = {}
        self._letters: list[Letter] = []  # kept, so that no other letter gets the id of one

    def parts(self, post: Post) -> tuple[bytes, ...]:
        """The parts of a letter as the outbox keeps them."""
        who, letter = post.to.person.contact, post.letter
        drawn = (id(letter), who.language, who.channel, who.listens)
        if drawn not in self._forms:
            self._letters.append(letter)
            shown = draw(self._desk, self._live, letter, who)
            self._forms[drawn] = tuple(dump_part(part) for part in shown)
        return self._forms[drawn]
