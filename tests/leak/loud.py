"""`spean` with every logger at DEBUG and with faults planted: `python -m tests.leak.loud FAULT,FAULT run …`.

Never changes the product but by the faults asked for; none is `-`.
"""

import json
import logging
import os
import sys
import traceback
import warnings
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from types import ModuleType
from typing import Any

import structlog

from bot.cli import journal
from tests.leak.mutants import MUTANTS

FAULTS: dict[str, Callable[[], None]] = {}
TRIGGER = "ម៉ាស៊ីនខូច"  # words that break a step
LOUD = ("sqlalchemy", "aiohttp", "apscheduler", "asyncio", "telegram", "alembic", "py.warnings")


def main() -> None:
    """Listen to everything, plant the faults, run the command."""
    planted, sys.argv[1:] = sys.argv[1], sys.argv[2:]
    write_logs = journal.write_logs

    def at_debug(level: int = logging.DEBUG) -> None:
        write_logs(min(level, logging.DEBUG))
        logging.getLogger().setLevel(logging.DEBUG)
        for name in LOUD:
            logging.getLogger(name).setLevel(logging.DEBUG)

    journal.write_logs = at_debug
    at_debug()
    warnings.simplefilter("always")
    logging.captureWarnings(capture=True)
    structlog.get_logger().debug("listening")
    for name in planted.split(","):
        if name != "-":
            (FAULTS | MUTANTS)[name]()
    from bot.cli import app  # noqa: PLC0415 - after what it imports was changed

    if sys.argv[1:] == ["-"]:
        one_after_another(app)
    else:
        app.main()


def one_after_another(app: ModuleType) -> None:
    """Each line of standard input is a command `[out, err, words…]`, run in a process that has imported all.

    Its exit status is written, a line each.
    """
    for place in app.COMMANDS.values():
        import_module(f"bot.cli.{place.partition('.')[0]}")
    for line in sys.stdin.buffer:
        out, err, *words = json.loads(line)
        child = os.fork()
        if child == 0:
            for path, number in ((os.devnull, 0), (out, 1), (err, 2)):
                os.dup2(os.open(path, os.O_RDWR | os.O_CREAT), number)
            sys.argv[1:] = words
            os._exit(_status(app.main))
        _, ended = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(ended)}\n")
        sys.stdout.flush()


def _status(command: Callable[[], None]) -> int:
    try:
        command()
    except SystemExit as ended:
        code = ended.code
        return code if isinstance(code, int) else int(code is not None)
    except BaseException:  # noqa: BLE001 - as Python itself would
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def fault(plant: Callable[[], None]) -> Callable[[], None]:
    """Known by its name."""
    FAULTS[plant.__name__.replace("_", "-")] = plant
    return plant


@fault
def quick() -> None:
    """What a tick does comes twice a second, and nobody writes too fast."""
    import bot.app  # noqa: PLC0415
    from bot.core import route  # noqa: PLC0415

    bot.app.TICK_SECONDS = 0.5  # type: ignore[assignment]
    route.FLOOD_COUNT = 10_000


@fault
def a_year_later() -> None:
    """It is next year."""
    from bot.clock import SystemClock  # noqa: PLC0415

    today = SystemClock.now
    SystemClock.now = lambda self: today(self) + timedelta(days=400)  # type: ignore[method-assign]


# --- accidents: an exception that carries a person's words ----------------------------------------


@fault
def steps_break() -> None:
    """Deciding raises, with the whole event in its message, when the trigger is in it."""
    from bot.core import engine  # noqa: PLC0415

    advance = engine.advance

    def breaking(shelf: Any, contact: Any, session: Any, event: Any, now: Any) -> Any:  # noqa: ANN401
        if TRIGGER in repr(event):
            raise ValueError(f"cannot go on from {event!r} of {contact!r} in {session!r}")
        return advance(shelf, contact, session, event, now)

    engine.advance = breaking


@fault
def writes_break() -> None:
    """The store refuses a row after the answers were written, and names them."""
    from storage import inbox  # noqa: PLC0415

    add = inbox.add

    def breaking(conn: Any, vault: Any, **cells: Any) -> Any:  # noqa: ANN401
        if TRIGGER in repr(cells) or TRIGGER in (cells["body"] or b"").decode():
            raise RuntimeError(f"no room for {cells!r}")
        return add(conn, vault, **cells)

    inbox.add = breaking


@fault
def sends_break() -> None:
    """A channel raises with what it was to send, once for each text with the trigger in it."""
    for channel in _channels():
        _break_sends(channel)


def _break_sends(channel: Any) -> None:  # noqa: ANN401 - a class of ours
    send, broken = channel.send, set[str]()

    async def breaking(self: Any, address: str, part: Any, document: Any, **how: Any) -> Any:  # noqa: ANN401
        if TRIGGER in part.text and part.text not in broken:
            broken.add(part.text)
            raise RuntimeError(f"{address} does not take {part!r} {document!r} {how!r}")
        return await send(self, address, part, document, **how)

    channel.send = breaking


@fault
def gestures_break() -> None:
    """A gesture raises with what it was to show, where nobody waits for it."""

    async def breaking(_: Any, gesture: Any) -> None:  # noqa: ANN401
        raise RuntimeError(f"cannot make {gesture!r}")

    for channel in _channels():
        channel.gesture = breaking


def _channels() -> tuple[Any, ...]:
    from bot.channels.messenger.channel import MessengerChannel  # noqa: PLC0415
    from bot.channels.telegram.channel import TelegramChannel  # noqa: PLC0415

    return TelegramChannel, MessengerChannel


if __name__ == "__main__":
    main()
