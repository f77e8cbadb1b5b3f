"""The bots under test as processes: how each is started on its core, found ready, and what it spends.

Never shares a core with the load when there are two.
"""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).parent.parent
SECRET = "bench-secret"  # noqa: S105 (of a loopback webhook)
TOKEN = "123456:" + "A" * 35
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICK = os.sysconf("SC_CLK_TCK")


class BenchFailed(Exception):  # noqa: N818 (reads as what happened)
    """A bot did not do its part; the message says what it wrote at the end."""


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU seconds so far, of the bot and of everybody on its core; resident bytes now and at most."""

    cpu: float
    core: float
    memory: int
    peak: int


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to start a bot: its arguments to Python, its environment, and the port of its webhook."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    port: int
    path: str = "/webhook/telegram"


def free_port() -> int:
    """A port that nobody has now, below those that outgoing connections take: it may be bound again later."""
    for port in random.sample(range(18_000, 32_000), 200):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise BenchFailed("no free port between 18000 and 32000")


def peer(
    api: int,
    folder: Path,
    *,
    lean: bool = False,
    announce: range | None = None,
    pace: tuple[float, float] | None = None,
) -> Recipe:
    """The python-telegram-bot bot of bench/peer.

    `announce`: the chats that its `/announce` writes to, with its rate limiter; `pace`: instead of that
    limiter's default, so many sends in so many seconds.
    """
    port = free_port()
    given = ["-m", "bench.peer", "--port", str(port), "--api", f"http://127.0.0.1:{api}"]
    given += ["--secret", SECRET, "--store", str(folder / "peer.db")]
    if announce is not None:
        given += ["--announce", str(announce.start), str(announce.stop)]
    if pace is not None:
        given += ["--pace", *map(str, pace)]
    return Recipe("peer", given + (["--lean"] if lean else []), {}, port)


def echo(api: int, folder: Path) -> Recipe:
    """The bot that only echoes: what the rig itself can carry."""
    del folder
    port = free_port()
    return Recipe("echo", ["-m", "bench.echo", "--port", str(port), "--api-port", str(api)], {}, port)


def spean(api: int, folder: Path) -> Recipe:
    """Our own bot as `spean run` starts it, on a fresh store in `folder`."""
    port = free_port()
    environment = {
        "SPEAN_TELEGRAM__ENABLED": "true",
        "SPEAN_TELEGRAM__TOKEN": TOKEN,
        "SPEAN_TELEGRAM__API_BASE": f"http://127.0.0.1:{api}",
        "SPEAN_TELEGRAM__MODE": "webhook",
        "SPEAN_TELEGRAM__RATE": "1000",  # the fake sets no limit, and what is measured is how much we can do
        "SPEAN_TELEGRAM__CHAT_RATE": "1000",
        "SPEAN_TELEGRAM__WEBHOOK_SECRET": SECRET,
        "SPEAN_WEB__HOST": "127.0.0.1",
        "SPEAN_WEB__PORT": str(port),
        "SPEAN_WEB__PUBLIC_URL": "https://bench.invalid",
        "SPEAN_WEB__INTERNAL_PORT": str(free_port()),
        "SPEAN_STORAGE__URL": f"sqlite:///{folder / 'spean.db'}",
        "SPEAN_STORAGE__MASTER_KEY_FILE": str(folder / "master.key"),
    }
    return Recipe("spean", ["-m", "bot", "run"], environment, port)


def spean_paced(api: int, folder: Path) -> Recipe:
    """Our own bot with the pace that it has by default."""
    recipe = spean(api, folder)
    paces = {"SPEAN_TELEGRAM__RATE", "SPEAN_TELEGRAM__CHAT_RATE"}
    environment = {name: value for name, value in recipe.environment.items() if name not in paces}
    return replace(recipe, environment=environment)


class Bot:
    """A running bot process."""

    def __init__(self, recipe: Recipe, process: subprocess.Popen[bytes], log: Path, core: int | None) -> None:
        self.name = recipe.name
        self.port = recipe.port
        self.path = recipe.path
        self.headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        self._process = process
        self._log = log
        self._core = core

    @classmethod
    async def start(cls, recipe: Recipe, folder: Path, core: int | None, patience: float = 60.0) -> "Bot":
        """Start it on `core` (None: anywhere) and wait until its webhook port answers."""
        log = folder / f"{recipe.name}.log"
        with log.open("ab") as out:
            bound = os.sched_getaffinity(0)
            try:
                if core is not None:
                    os.sched_setaffinity(0, {core})
                process = subprocess.Popen(  # noqa: S603, ASYNC220 (our own command; forks at once)
                    [sys.executable, *recipe.arguments],
                    cwd=ROOT,
                    env={**os.environ, "PYTHONUNBUFFERED": "1", **recipe.environment},
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                )
            finally:
                os.sched_setaffinity(0, bound)
        bot = cls(recipe, process, log, core)
        try:
            await bot._ready(patience)
        except BaseException:
            bot.kill()
            raise
        return bot

    async def _ready(self, patience: float) -> None:
        until = monotonic() + patience
        while monotonic() < until:
            if self._process.poll() is not None:
                raise BenchFailed(f"{self.name} ended with {self._process.returncode}:\n{self.tail()}")
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.02)
                continue
            writer.close()
            return
        raise BenchFailed(f"{self.name} did not listen on {self.port}:\n{self.tail()}")

    def tail(self) -> str:
        """The end of what it wrote."""
        return self._log.read_text(errors="replace")[-4000:]

    def spent(self) -> Spent:
        """What it has used so far."""
        process = Path(f"/proc/{self._process.pid}")
        fields = (process / "stat").read_text().rpartition(")")[2].split()
        cpu = (int(fields[11]) + int(fields[12])) / _TICK
        status = (process / "status").read_text()
        peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
        return Spent(cpu, self._core_busy(), int(fields[21]) * _PAGE, peak * 1024)

    def _core_busy(self) -> float:
        """Seconds that its core worked for anybody (proc_stat(5): all but idle and waiting for a disk)."""
        wanted = f"cpu{self._core} " if self._core is not None else "cpu "
        lines = Path("/proc/stat").read_text().splitlines()
        ticks = [int(part) for line in lines if line.startswith(wanted) for part in line.split()[1:9]]
        return (sum(ticks) - ticks[3] - ticks[4]) / _TICK

    def kill(self) -> None:
        """SIGKILL: no farewell of any kind."""
        self._process.kill()
        self._process.wait()

    def stop(self, patience: float = 20.0) -> int:
        """SIGTERM, then wait; its exit status."""
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
