"""One installation in a folder of its own: `spean` processes over it, started, watched and stopped.

Never touches the settings, store or ports of another.
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.bots import free_port
from tests.fakes.graph.api import FakeGraph
from tests.fakes.telegram.api import FakeTelegram

ROOT = Path(__file__).parents[2]
SECRET = "planted-webhook-secret"
PATIENCE = 40.0  # seconds for one thing to happen on a busy machine


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str


@dataclass
class House:
    """`settings`: environment variables without `SPEAN_`. `at`: where bot.toml and the scripts are.

    `program`: the module that is run, and what it takes before the command.
    """

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    at: Path = ROOT
    program: tuple[str, ...] = ("bot",)
    chat: str = ""
    process: Process | None = None

    def __post_init__(self) -> None:
        self.settings |= {
            "STORAGE__URL": f"sqlite:///{self.store}",
            "STORAGE__MASTER_KEY_FILE": str(self.folder / "master.key"),
            "WEB__PORT": "0",
            "WEB__INTERNAL_PORT": "0",
        }

    @property
    def store(self) -> Path:
        return self.folder / "spean.db"

    @property
    def log(self) -> Path:
        return self.folder / "spean.log"

    def on_telegram(self, fake: FakeTelegram, mode: str) -> "House":
        """Speak to this fake by `polling` or `webhook`. The pace of one chat has tests of its own."""
        mine = {"ENABLED": "true", "TOKEN": fake.token, "API_BASE": fake.base, "MODE": mode}
        mine["CHAT_RATE"] = "50"
        if mode == "webhook":
            port = str(free_port())
            mine["WEBHOOK_SECRET"] = SECRET
            self.settings |= {"WEB__PORT": port, "WEB__PUBLIC_URL": f"http://127.0.0.1:{port}"}
        self.settings |= {f"TELEGRAM__{name}": value for name, value in mine.items()}
        return self

    def on_messenger(self, fake: FakeGraph) -> "House":
        """Be this fake's Page; its `webhook` is `self.messenger` once the house is open."""
        mine = {"ENABLED": "true", "PAGE_ID": fake.page_id, "PAGE_TOKEN": fake.page_token}
        mine |= {"APP_SECRET": fake.app_secret, "VERIFY_TOKEN": fake.verify_token, "GRAPH_BASE": fake.base}
        self.settings |= {f"MESSENGER__{name}": value for name, value in mine.items()}
        return self

    @property
    def messenger(self) -> str:
        """Where Meta posts."""
        return self.chat.removesuffix("/chat") + "/webhook/messenger"

    async def open(self) -> "House":
        """`spean run`, until it says where the chat is."""
        with self.log.open("ab") as log:
            process = await self.spawn("run", stdin=DEVNULL, stdout=PIPE, stderr=log)
        self.process = process
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            while line := (await process.stdout.readline()).decode():
                if line.startswith("chat "):
                    self.chat = line.removeprefix("chat ").strip()
                    return self
        await process.communicate()
        raise AssertionError(f"it ended with {process.returncode}: {self.log.read_text('utf-8')}")

    async def close(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop it; its exit status."""
        process, self.process = self.process, None
        if process is None:
            return 0
        process.send_signal(how)
        try:
            await asyncio.wait_for(process.communicate(), PATIENCE)
        except TimeoutError:
            process.kill()
            await process.wait()
            raise
        assert process.returncode is not None
        return process.returncode

    async def spean(self, *words: str) -> Ended:
        """Run a command over the same store, beside the server or alone."""
        process = await self.spawn(*words, stdin=DEVNULL, stdout=PIPE, stderr=PIPE)
        async with asyncio.timeout(PATIENCE):
            out, err = await process.communicate()
        assert process.returncode is not None
        return Ended(process.returncode, out.decode(), err.decode())

    async def did(self, *words: str) -> str:
        """What a command printed, which must go well."""
        ended = await self.spean(*words)
        assert ended.status == 0, ended.err
        return ended.out

    async def spawn(self, *words: str, **streams: object) -> Process:
        command = [sys.executable, "-m", *self.program, *words]
        path = {"PYTHONPATH": str(ROOT)}
        return await asyncio.create_subprocess_exec(
            *command,
            cwd=self.at,
            env=_clean(os.environ) | path | {f"SPEAN_{name}": value for name, value in self.settings.items()},
            **streams,  # type: ignore[arg-type]
        )


def _clean(env: Mapping[str, str]) -> dict[str, str]:
    """No setting comes from outside."""
    return {name: value for name, value in env.items() if not name.upper().startswith("SPEAN_")}
