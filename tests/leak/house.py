"""One installation under suspicion: everything it is asked, and everything it says, is kept to be searched.

Never adds to the product but one sensitive question, whose words are nowhere else.
"""

import asyncio
import shutil
import signal
import sqlite3
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import psycopg

from bench.bots import free_port
from bot import catalogues
from bot.catalogues import Entry
from tests.fakes.telegram.api import FakeTelegram
from tests.intake.house import PATIENCE, ROOT, Ended, House
from tests.leak.hay import Hay, Keys, Tables, of_files, of_tables, tables_of

KEY_FILE = "master.key"
DIALOG = """\
[dialog]
id = "planted"
submission = "new"

[[node]]
id = "flower"
kind = "choice"
field = "flower"
sensitivity = "S2"
choices = [{ key = "zinnia-blue-7" }, { key = "other" }]

[[node]]
id = "story"
kind = "text"
field = "story"
sensitivity = "S2"

[[node]]
id = "review"
kind = "review"
next = "end"
"""
ROUTE = '\n[[route]]\ndialog = "planted"\nrank = "open"\ncommands = ["planted"]\nphrases = ["planted-word"]\n'
WORDS = {
    "planted.flower": "តើចូលចិត្តផ្កាអ្វី?",
    "planted.flower.zinnia-blue-7": "ស៊ីនញ៉ាខៀវប្រាំពីរ",
    "planted.flower.other": "ផ្សេង",
    "planted.story": "រឿងនោះយ៉ាងម៉េច?",
    "planted.review": "ត្រូវហើយឬនៅ?",
}


@dataclass
class LoudHouse(House):
    """`said`: what commands printed and listeners answered. `keys`: also of people who were erased."""

    said: Hay = field(default_factory=Hay)
    clerk: Process | None = None
    keys: Keys = field(default_factory=Keys)

    @property
    def key_file(self) -> Path:
        return self.folder / KEY_FILE

    @property
    def backups(self) -> Path:
        return self.folder.parent / "backups"

    def copied(self, backup: Path) -> Path:
        """The SQLite file with which a backup begins, taken out of it."""
        copy = self.folder.parent / "copy.db"
        copy.write_bytes(backup.read_bytes())
        return copy

    async def open(self) -> "House":
        """As the product's own; of a long log only the end is told."""
        try:
            return await super().open()
        except AssertionError as error:
            self.process = None
            raise AssertionError(_printed(str(error))[-2000:]) from None

    async def run(self, name: str, *words: str) -> Ended:
        """Run a command that goes well; what it prints is searched under `name`."""
        ended = await self.tried(name, *words)
        assert ended.status == 0, f"{words}: {_printed(ended.err)[-2000:]}"
        return ended

    async def tried(self, name: str, *words: str) -> Ended:
        """Run a command, however it ends."""
        ended = await self.asked(*words)
        self.said.add(f"printed:{name}", ended.out + "\n" + _printed(ended.err))
        self.said.add("log:commands", _logged(ended.err))
        return ended

    async def asked(self, *words: str) -> Ended:
        """As `spean`, by a process that forks for each command: importing takes longer than doing."""
        if self.clerk is None:
            self.clerk = await self.spawn("-", stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
        out, err = (self.folder.parent / name for name in ("out", "err"))
        assert self.clerk.stdin is not None
        assert self.clerk.stdout is not None
        self.clerk.stdin.write(orjson.dumps([str(out), str(err), *words]) + b"\n")
        async with asyncio.timeout(PATIENCE):
            status = await self.clerk.stdout.readline()
        ended = Ended(int(status), out.read_text("utf-8"), err.read_text("utf-8"))
        out.unlink()
        err.unlink()
        return ended

    async def close(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop it, and whoever runs the commands."""
        clerk, self.clerk = self.clerk, None
        if clerk is not None:
            await clerk.communicate(b"")
        return await super().close(how)

    def hay(self) -> Hay:
        """Everything as it lies now: files, rows, opened cells, logs."""
        keys = self.unlocked()
        rows = of_tables(self.tables(), keys)
        files = of_files(self.folder, leave=(KEY_FILE, self.log.name))
        for name, content in files.heaps.copy().items():
            keys.find(content)
            files.add(f"remnant:{name.removeprefix('file:')}", b"\n".join(keys.remnants(content)))
        return files | rows | Hay({"log:server": self.log.read_bytes()}) | self.said

    def unlocked(self) -> Keys:
        """The keys that ever were, with those in use now."""
        self.keys.unlock(self.key_file.read_bytes())
        return self.keys

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query finds, past the product."""
        with closing(self._connection()) as conn:
            return conn.execute(query).fetchall()

    def tables(self) -> Tables:
        """Every row of every table."""
        with closing(self._connection()) as conn:
            return tables_of(conn)

    def _connection(self) -> sqlite3.Connection | psycopg.Connection[Any]:
        url = self.settings["STORAGE__URL"]
        if url.startswith("sqlite"):
            return sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)
        return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)

    async def eventually(self, true: Callable[[], object], what: str) -> None:
        """Wait for what only the store tells."""
        deadline = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < deadline, f"waited for {what}"
            await asyncio.sleep(0.02)

    async def calm(self, fake: FakeTelegram) -> None:
        """Wait until everything said to the bot is answered."""
        await fake.updates.settled()
        waiting = (
            "SELECT count(*) FROM outbox JOIN account ON account.id = account_id "
            "WHERE state IN ('queued', 'sending') AND account.name LIKE 'telegram:%'"
        )
        await self.eventually(lambda: self.rows(waiting) == [(0,)], "parts that are not sent")

    def sessions(self) -> dict[str, dict[str, Any]]:
        """Where everybody stands, by their address at the platform."""
        keys, found = self.unlocked(), {}
        query = (
            "SELECT data_key, external, body FROM contact "
            "JOIN contact_address AS place ON place.contact_id = contact.id "
            "JOIN session ON session.contact_id = contact.id WHERE place.current"
        )
        for wrapped, external, body in self.rows(query):
            keys.take(bytes(wrapped))
            opened = keys.open(bytes(external)), keys.open(bytes(body or b""))
            if opened[0] is not None:
                found[opened[0].decode()] = orjson.loads(opened[1] or b"{}") | {"head": external[:5]}
        return found


def build(folder: Path, faults: str = "-", url: str = "") -> LoudHouse:
    """A folder with the product's scripts and the sensitive question."""
    site = folder / "site"
    site.mkdir(parents=True)
    shutil.copy(ROOT / "bot.toml", site)
    for name in ("dialogs", "locales"):
        shutil.copytree(ROOT / name, site / name, ignore=shutil.ignore_patterns("voice"))
    (site / "dialogs" / "planted.toml").write_text(DIALOG, "utf-8")
    with (site / "dialogs" / "routes.toml").open("a", encoding="utf-8") as routes:
        routes.write(ROUTE)
    for language in ("km", "en"):
        words = {name: Entry(text) for name, text in WORDS.items()}
        catalogue = site / catalogues.file_of("planted", language)  # type: ignore[arg-type]
        catalogue.write_bytes(catalogues.write(words, language))  # type: ignore[arg-type]
    data = folder / "data"
    data.mkdir()
    house = LoudHouse(data, at=site, program=("tests.leak.loud", faults))
    house.settings |= {"WEB__INTERNAL_PORT": str(free_port()), "STORAGE__BACKUP_FOLDER": str(house.backups)}
    if url:
        house.settings["STORAGE__URL"] = url
    return house


def _logged(err: str) -> str:
    return "\n".join(line for line in err.splitlines() if line.startswith("{"))


def _printed(err: str) -> str:
    return "\n".join(line for line in err.splitlines() if not line.startswith("{"))
