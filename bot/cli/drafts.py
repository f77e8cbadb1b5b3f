"""What staff recorded by chat, taken out of the sealed store for `spean voice import --recorded`.

Never a command, and never gives out what people we talk with said.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from bot.cli.output import say
from bot.cli.readable import local
from bot.cli.store import Store, opened
from bot.core.contact import Language
from bot.core.speech import hash_of
from storage import audit, drafts, media
from storage.drafts import DraftRow


@dataclass(frozen=True, slots=True)
class Recorded:
    """A draft, opened."""

    origin: str
    id: str
    data: bytes


def recorded(config: Path, language: Language, words: Callable[[str], str | None]) -> list[Recorded]:
    """The latest draft of each sentence, if it speaks the present words; told with by whom and when."""
    with opened(config) as store:
        rows: dict[str, DraftRow] = {}
        for one in store.read(drafts.list_):
            if one.language == language:
                rows.setdefault(one.id, one)
        found = [taken for one in rows.values() if (taken := _opened(store, one, words))]
        if found:
            store.run(lambda conn: _note(conn, store, [row.media for row in rows.values()]))
        return found


def _opened(store: Store, row: DraftRow, words: Callable[[str], str | None]) -> Recorded | None:
    origin = f"{row.id}, {row.by or 'somebody'}, {local(row.at, store.settings.bot.timezone)}"
    present = words(row.id)
    if present is None or hash_of(present) != row.spoken:
        say(f"{origin} · speaks other words than the present ones · left out: record it again")
        return None
    kept = store.read(lambda conn: media.read(conn, store.vault, row.media))
    if kept is None:
        say(f"{origin} · not fetched from the platform yet · left out: try again later")
        return None
    say(f"{origin} · {len(kept[1]) // 1000} KB")
    return Recorded(origin, row.id, kept[1])


def _note(conn: Connection, store: Store, numbers: list[int]) -> None:
    for number in numbers:
        audit.record(conn, None, "voice.import", f"media {number}", store.now)
