"""An installation that survives its processes: one on a SQLite file, or several on a PostgreSQL server.

Never lets a killed process say farewell.
"""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench import bots
from bench.bots import Bot, Recipe
from storage.seal import Vault
from tests.crash.later import Later
from tests.crash.ledger import Ledger
from tests.crash.traffic import Traffic
from tests.roles.promises import rescued
from tests.roles.site import Site

FREED = "UPDATE lease SET until = now() - interval '1 second' WHERE starts_with(holder, %s) RETURNING name"
ROLES = ("ingest", "ingest", "dispatch", "dispatch", "tick", "tick")


@dataclass
class House:
    """Whoever lives here. `in_flight`: parts that were in the hands of a process when it was killed."""

    traffic: Traffic
    folder: Path
    url: str
    in_flight: list[int] = field(default_factory=list)
    kills: int = 0
    ledger: Ledger = field(init=False)
    later: Later = field(init=False)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.url)
        self.later = Later(self.url, self.folder / "master.key")

    @property
    def vault(self) -> Vault:
        return Vault.open(self.folder / "master.key")

    async def start(self) -> None:
        """Begin to serve."""
        raise NotImplementedError

    async def crash(self, chance: random.Random, *, age: bool = True) -> None:
        """SIGKILL one process, count what was in flight, start it again on the same store.

        `age`: what only time takes out of a dead hand is taken at once.
        """
        raise NotImplementedError

    async def stop(self) -> set[int]:
        """SIGTERM; the exit statuses."""
        raise NotImplementedError

    async def leave(self) -> None:
        """Kill whatever still runs."""
        raise NotImplementedError


@dataclass
class Alone(House):
    """`spean run`."""

    recipe: Recipe = field(kw_only=True)
    _bot: Bot | None = None

    async def start(self) -> None:
        self._bot = await Bot.start(self.recipe, self.folder, None)
        self.traffic.up()

    async def crash(self, chance: random.Random, *, age: bool = True) -> None:
        del chance, age
        self.traffic.down()
        await self.leave()
        self.kills += 1
        self.in_flight += self.ledger.in_flight()
        await self.start()

    async def stop(self) -> set[int]:
        assert self._bot is not None
        return {await asyncio.to_thread(self._bot.stop)}

    async def leave(self) -> None:
        if self._bot is not None:
            self._bot.kill()


@dataclass
class Many(House):
    """`spean serve --role …`; the first of two that take in listens where the webhook posts to."""

    site: Site = field(kw_only=True)
    hooked: bool = field(kw_only=True)

    async def start(self) -> None:
        await self.site.start(*(ROLES[1:] if self.hooked else ROLES))
        self.traffic.up()

    async def crash(self, chance: random.Random, *, age: bool = True) -> None:
        alive = [one for one in self.site.processes if one.running.returncode is None]
        victim = chance.choice(alive)
        hooked = self.hooked and victim.role == "ingest"
        if hooked:
            self.traffic.down()
        await victim.kill()
        self.kills += 1
        self.in_flight += self.ledger.in_flight(f"{victim.pid}-%")
        if age:
            await rescued(self.site, victim)
            await self.site.ask(FREED, f"{victim.pid}-")
        await self.site.start(victim.role)
        if hooked:
            self.traffic.up()

    async def stop(self) -> set[int]:
        return set(await self.site.stop())

    async def leave(self) -> None:
        await self.site.leave()


class Api:
    """Where the processes of a Site find their Telegram."""

    def __init__(self, port: int) -> None:
        self.base, self.token = f"http://127.0.0.1:{port}", bots.TOKEN


def told(recipe: Recipe, *, hooked: bool) -> Recipe:
    """The recipe of a bot that is posted its updates, or asks for them."""
    mode = "webhook" if hooked else "polling"
    return replace(recipe, environment={**recipe.environment, "SPEAN_TELEGRAM__MODE": mode})


def shared(recipe: Recipe, *, hooked: bool) -> Mapping[str, str]:
    """What each of several processes is told: no store or port that only one may have."""
    own = ("SPEAN_STORAGE__", "SPEAN_WEB__INTERNAL_PORT", *(() if hooked else ("SPEAN_WEB__PORT",)))
    return {name: value for name, value in recipe.environment.items() if not name.startswith(own)}
