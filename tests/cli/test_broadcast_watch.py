"""The bar of `spean broadcast status`: what it shows on a terminal, when it ends, and what Ctrl-C stops."""

import io
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Connection, update

from bot.core.contact import Address
from storage import broadcast_report, broadcasts, outbox, people
from storage.outbox import Lane
from storage.parts import Draft
from storage.schema import outbox as rows
from tests.cli.command import Ran, Spean
from tests.cli.site import store

PEOPLE = 4
STOPPED = "nobody looks on, announcement 1 goes on; spean broadcast pause 1 holds it\n"
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
Act = Callable[[Connection], object]


class Terminal(io.StringIO):
    """Standard output that somebody watches."""

    def isatty(self) -> bool:
        return True

    @property
    def frames(self) -> list[str]:
        """What the bar said, one after the other, without what moves the cursor."""
        lines = ESCAPE.sub("", self.getvalue()).replace("\r", "\n").splitlines()
        said = [line.strip() for line in lines if "━" in line]
        return [one for nth, one in enumerate(said) if nth == 0 or said[nth - 1] != one]


Status = Callable[..., tuple[Ran, Terminal]]


@pytest.fixture
def status(spean: Spean, monkeypatch: pytest.MonkeyPatch) -> Status:
    """`spean broadcast status 1` on a terminal of a hundred letters a line."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)

    def look(*options: str) -> tuple[Ran, Terminal]:
        terminal = Terminal()
        with monkeypatch.context() as patched:
            patched.setattr(sys, "stdout", terminal)
            ran = spean("broadcast", "status", 1, *options)
        return ran, terminal

    return look


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """What happens while the bar waits to look again (None: Ctrl-C); it waits for nothing else."""

    def plan(*acts: Act | None) -> None:
        left = list(acts)

        def sleep(seconds: float) -> None:
            assert 0 < seconds <= 2
            if (act := left.pop(0)) is None:
                raise KeyboardInterrupt
            with store() as found:
                found.run(act)

        monkeypatch.setattr("bot.cli.broadcast_watch.time", SimpleNamespace(sleep=sleep))

    plan()
    return plan


@pytest.fixture
def sending(spean: Spean, site: Path) -> None:
    """Announcement 1 is on its way to four people."""
    assert site.exists()
    assert spean("broadcast", "draft", "December", "--km", "ពិព័រណ៍").out.strip() == "1"

    def begin(conn: Connection) -> None:
        ids = []
        for nth in range(PEOPLE):
            where = Address("terminal:chat", f"p{nth}")
            person = people.greet(conn, found.vault, where, "km", found.now)
            ids.append(person.contact.id)
            part = Draft(broadcasts.cause(1, person.contact.id), Lane.BROADCAST, b"x")
            outbox.add(conn, person, [part], first_seq=1, now=found.now)
        broadcasts.meant_for(conn, 1, dict.fromkeys(ids, ""), found.now)
        broadcasts.set_state(conn, 1, "sending", people=PEOPLE, started_at=found.now)

    with store() as found:
        found.run(begin)


def sent(upto: int) -> Act:
    return lambda conn: conn.execute(update(rows).where(rows.c.id <= upto).values(state="sent"))


def done(conn: Connection) -> None:
    sent(PEOPLE)(conn)
    broadcasts.set_state(conn, 1, "done")


def paused(conn: Connection) -> None:
    broadcasts.set_state(conn, 1, "paused")


@pytest.mark.usefixtures("sending")
def test_a_bar_moves_until_everybody_got_it(status: Status, meanwhile: Callable[..., None]) -> None:
    meanwhile(sent(1), sent(3), done)
    ran, terminal = status()
    assert (ran.status, ran.err) == (0, "")
    first, *_, last = terminal.frames
    assert re.fullmatch(r"sending ━+ 0/4 -:--:-- queued 4", first)
    assert any(re.search(r"sending .* 3/4 .* sent 3, queued 1", one) for one in terminal.frames)
    assert re.search(r"^done ━+ 4/4 0:00:00 sent 4$", last)
    below = ESCAPE.sub("", terminal.getvalue()).rpartition("━")[2]
    assert "state: done\n" in below
    assert "states: sent 4\n" in below, "the bar goes, and what became of it stays"


@pytest.mark.usefixtures("sending")
def test_the_bar_ends_when_somebody_pauses_it(status: Status, meanwhile: Callable[..., None]) -> None:
    meanwhile(sent(1), paused)
    ran, terminal = status()
    assert (ran.status, ran.err) == (0, "")
    assert terminal.frames[-1].startswith("paused ")
    assert "state: paused\n" in terminal.getvalue()


@pytest.mark.usefixtures("sending")
@pytest.mark.parametrize("state", ["draft", "waiting", "paused", "done", "stopped"])
def test_where_nothing_moves_there_is_no_bar(status: Status, state: str) -> None:
    with store() as found:
        found.run(lambda conn: broadcasts.set_state(conn, 1, state))  # type: ignore[arg-type]
    ran, terminal = status()
    assert (ran.status, ran.err) == (0, "")
    assert terminal.frames == []
    assert f"state: {state}\n" in terminal.getvalue()


@pytest.mark.usefixtures("sending")
def test_ctrl_c_stops_the_looking_alone(status: Status, meanwhile: Callable[..., None]) -> None:
    meanwhile(sent(1), None)
    ran, terminal = status()
    assert (ran.status, ran.err) == (0, STOPPED)
    assert terminal.getvalue().endswith("states: sent 1, queued 3\nskipped: nobody\n")
    assert stands() == ("sending", 3)


@pytest.mark.usefixtures("sending")
def test_ctrl_c_while_it_counts_is_the_same(status: Status, monkeypatch: pytest.MonkeyPatch) -> None:
    count, looks = broadcast_report.progress, iter((False, True, False))

    def progress(conn: Connection, number: int) -> broadcast_report.Progress:
        if next(looks):
            raise KeyboardInterrupt
        return count(conn, number)

    monkeypatch.setattr(broadcast_report, "progress", progress)
    ran, terminal = status()
    assert (ran.status, ran.err) == (0, STOPPED)
    assert "state: sending\n" in terminal.getvalue()


@pytest.mark.usefixtures("sending")
@pytest.mark.parametrize("how", [("--once",), ("--json",)])
def test_whoever_wants_no_bar_gets_none_on_a_terminal_either(status: Status, how: tuple[str, ...]) -> None:
    ran, terminal = status(*how)
    assert (ran.status, ran.err) == (0, "")
    assert "\x1b" not in terminal.getvalue()
    assert terminal.frames == []
    assert "sending" in terminal.getvalue()


@pytest.mark.usefixtures("sending", "meanwhile")
def test_where_nobody_watches_it_says_how_it_stands_once(spean: Spean) -> None:
    ran: Ran = spean("broadcast", "status", 1)
    assert (ran.status, ran.err) == (0, "")
    assert "state: sending\n" in ran.out
    assert ran.out.endswith("of: 4\nended: 0\nstates: queued 4\nskipped: nobody\n")
    assert "\x1b" not in ran.out
    assert "━" not in ran.out


def stands() -> tuple[str, int]:
    """Its state, and how many people it still waits for."""
    with store() as found:
        known = found.read(lambda conn: broadcasts.find(conn, 1))
        waits = found.read(lambda conn: conn.execute(rows.select().where(rows.c.state == "queued")).all())
    assert known is not None
    return known.state, len(waits)
