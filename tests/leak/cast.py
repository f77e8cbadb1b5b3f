"""The people of the leak test: one at a Telegram screen, one at the web page, each answering by a plan.

Never knows the script by heart: whatever the plan does not name gets its first button.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.fakes.telegram.api import FakeTelegram
from tests.fakes.telegram.user import FakeUser
from tests.leak.house import LoudHouse

Plan = Mapping[str, str]  # node or `dialog.*` → words typed, or `=key` of the button tapped
STEPS = 80


def _choice(plan: Plan, node: str, keys: list[str]) -> str:
    """What to do at a node: words, or `=key`."""
    for name in (node, f"{node.partition('.')[0]}.*"):
        if name in plan:
            return plan[name]
    open_ = [key for key in keys if key and not key.startswith("~")]
    if open_:
        return f"={open_[0]}"
    return "=~skip" if "~skip" in keys else "មិនដឹងទេ"


@dataclass
class OnPhone:
    """Somebody on Telegram."""

    house: LoudHouse
    fake: FakeTelegram
    user: FakeUser

    @property
    def node(self) -> str:
        """The node that waits for an answer."""
        frames = self.house.sessions().get(str(self.user.id), {}).get("frames", [])
        return f"{frames[-1][1]}.{frames[-1][2]}" if frames else ""

    @property
    def known(self) -> bool:
        """Whether the store knows somebody there."""
        return str(self.user.id) in self.house.sessions()

    @property
    def keys(self) -> list[str]:
        """The buttons of the last message that has some."""
        for message in reversed(self.user.messages):
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            if rows:
                return [button["callback_data"].partition(":")[2] for row in rows for button in row]
        return []

    async def begins(self) -> None:
        """Open the chat."""
        self.user.start()
        await self.house.calm(self.fake)

    async def says(self, words: str) -> None:
        """Write, and wait for what comes of it."""
        self.user.text(words)
        await self.house.calm(self.fake)

    async def taps(self, key: str) -> None:
        """Press the newest button with this key."""
        self.user.tap(key)
        await self.house.calm(self.fake)

    async def walks(self, plan: Plan, until: str) -> None:
        """Answer question after question until the node `until` waits."""
        for _ in range(STEPS):
            if (node := self.node) == until:
                return
            what = _choice(plan, node, self.keys)
            await (self.taps(what[1:]) if what.startswith("=") else self.says(what))
        raise AssertionError(f"never came to {until}, is at {self.node} with {self.keys}")


@dataclass
class AtPage:
    """Somebody at the web chat; every answer of the listener is kept."""

    house: LoudHouse
    http: aiohttp.ClientSession
    token: str = ""
    after: int = 0
    screen: list[dict[str, Any]] = field(default_factory=list)

    @property
    def base(self) -> str:
        return self.house.chat.removesuffix("/chat")

    async def comes(self) -> None:
        """Open the page."""
        answer = await self.request("POST", "/chat/api/session")
        self.token = answer["token"]
        await self.does("start", payload="")

    async def does(self, kind: str, **form: str) -> dict[str, Any]:
        """One event."""
        event = {"id": secrets.token_hex(8), "kind": kind, **form}
        return await self.request("POST", "/chat/api/send", json=event)

    async def says(self, words: str) -> dict[str, Any]:
        return await self.does("text", text=words)

    async def sees(self) -> None:
        """Take in what came since the last look."""
        batch = await self.request("GET", f"/chat/api/events?after={self.after}&wait=0")
        self.screen += [line for line in batch["lines"] if line.get("rows")]
        self.after = max([self.after, *(line["seq"] for line in batch["lines"])])

    @property
    def buttons(self) -> dict[str, tuple[str, int]]:
        """Key → payload and message, of the last message with buttons."""
        last = self.screen[-1:]
        payloads = [payload for line in last for row in line["rows"] for _, payload in row]
        return {payload.partition(":")[2]: (payload, last[0]["seq"]) for payload in payloads}

    async def taps(self, key: str) -> None:
        """Press a button of the last message that has some."""
        await self.sees()
        payload, message = self.buttons[key]
        await self.does("tap", payload=payload, message=str(message))

    async def walks(self, plan: Plan, until: str) -> None:
        """Answer question after question until the node `until` waits."""
        for _ in range(STEPS):
            await self.sees()
            if (node := self.node) == until:
                return
            what = _choice(plan, node, list(self.buttons))
            await (self.taps(what[1:]) if what.startswith("=") else self.says(what))
        raise AssertionError(f"never came to {until}, is at {self.node}")

    @property
    def node(self) -> str:
        for where, session in self.house.sessions().items():
            if len(where) == 64 and session.get("frames"):
                frame = session["frames"][-1]
                return f"{frame[1]}.{frame[2]}"
        return ""

    async def request(self, method: str, path: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
        """Any request with the token; headers and body are kept to be searched."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= more.pop("headers", {})
        async with self.http.request(method, f"{self.base}{path}", headers=headers, **more) as answer:
            body = await answer.read()
            name = "page" if answer.status < 400 else "refusal"
            self.house.said.add(f"http:{name}", f"{answer.headers!r}\n".encode() + body)
            is_json = answer.content_type == "application/json"
            return await answer.json() if is_json else {"status": answer.status}
