"""What a call of the Send API does to the fake's world, with Graph's refusals about people and grants.

Never checks the form of a call (see forms).
"""

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp

from tests.fakes.graph import forms, utility
from tests.fakes.graph.faults import BrokenRuleError, GraphError
from tests.fakes.graph.world import Button, Got, Thread, Way, World

OPEN_FOR = timedelta(hours=24)  # facts/channels.md §3.3
HUMAN_FOR = timedelta(days=7)  # §3.6
TEXTS_PER_SECOND = 300  # of one Page (§3.4)
MEDIA_PER_SECOND = 10  # audio and video (§3.4)
_MIMES = {"image": "image/", "audio": "audio/", "video": "video/", "file": ""}
_MAGIC = {
    b"\xff\xd8\xff": "image/",
    b"\x89PNG": "image/",
    b"OggS": "audio/",
    b"ID3": "audio/",
    b"%PDF": "file/",
}


@dataclass(slots=True)
class Rate:
    """At most `per_second` calls in any second; 0: as many as you like."""

    per_second: int
    _times: deque[float] = field(default_factory=deque)

    def exceeded(self) -> bool:
        now = time.monotonic()
        while self._times and now - self._times[0] >= 1.0:
            self._times.popleft()
        if self.per_second and len(self._times) >= self.per_second:
            return True
        self._times.append(now)
        return False


class Methods:
    """Carries out one decoded call of /messages or /message_attachments."""

    def __init__(self, world: World, texts: int = TEXTS_PER_SECOND, media: int = MEDIA_PER_SECOND) -> None:
        self.world = world
        self.texts = Rate(texts)
        self.media = Rate(media)

    async def send(
        self, params: Mapping[str, Any], files: Mapping[str, bytes], session: aiohttp.ClientSession
    ) -> tuple[dict[str, Any], Got | None]:
        """The answer, and what the person got (None for a sender action)."""
        self._throttle(params)
        if "pages_messaging" not in self.world.permissions:
            raise GraphError.named("permission")
        thread = self._thread(params["recipient"]["id"])
        if "sender_action" in params:
            self._reach(thread, "free")
            thread.actions.append(str(params["sender_action"]).lower())
            return {"recipient_id": thread.psid}, None
        way = self._way(params)
        self._reach(thread, way)
        message = params["message"]
        said, choices = _screen(message)
        if "template" in message:
            said, choices = utility.fill(self.world, message["template"])
        content, held = await self._file(message.get("attachment"), files, session)
        mid, metadata = self.world.mid(), message.get("metadata", "")
        got = Got(mid, said, choices, way, metadata, self.world.now(), dict(message), content)
        thread.got.append(got)
        return {"recipient_id": thread.psid, "message_id": mid, **held}, got

    async def upload(
        self, params: Mapping[str, Any], files: Mapping[str, bytes], session: aiohttp.ClientSession
    ) -> dict[str, Any]:
        """A file for later (§3.2)."""
        _, held = await self._file(params["message"]["attachment"], files, session)
        return held

    def _throttle(self, params: Mapping[str, Any]) -> None:
        kind = params.get("message", {}).get("attachment", {}).get("type")
        if (self.media if kind in ("audio", "video") else self.texts).exceeded():
            raise GraphError.named("calls")

    def _thread(self, psid: str) -> Thread:
        thread = self.world.threads.get(psid)
        if thread is None:
            raise GraphError.named("stranger")
        return thread

    def _way(self, params: Mapping[str, Any]) -> Way:
        match params["messaging_type"]:
            case "UTILITY":
                return "template"
            case "MESSAGE_TAG":
                return "human"
        return "free"

    def _reach(self, thread: Thread, way: Way) -> None:
        """Whether the person may be written to this way, now."""
        if thread.blocked:
            raise GraphError.named("blocked")
        if thread.owner:
            raise GraphError.named("routed")
        since = None if thread.acted_at is None else self.world.now() - thread.acted_at
        match way:
            case "free":
                if thread.shut or since is None or since >= OPEN_FOR:
                    raise GraphError.named("window")
            case "human":
                if not self.world.human_agent:
                    raise GraphError.named("permission")
                if since is None or since > HUMAN_FOR:
                    raise GraphError.named("window")
            case "template":
                utility.allow(self.world)

    async def _file(
        self, attachment: Mapping[str, Any] | None, files: Mapping[str, bytes], session: aiohttp.ClientSession
    ) -> tuple[bytes, dict[str, Any]]:
        """The bytes of an attachment, and its new reusable id if one was asked for."""
        if attachment is None or attachment["type"] == "template":
            return b"", {}
        kind, payload = attachment["type"], attachment["payload"]
        if "attachment_id" in payload:
            held = self.world.uploads.get(payload["attachment_id"])
            if held is None or held.until <= self.world.now() or held.kind != kind:
                raise GraphError(
                    400, 100, 2018074, "(#100) The attachment ID is invalid or has expired"
                )  # [M]
            return held.content, {}
        content = files["filedata"] if "filedata" in files else await _fetch(payload["url"], session)
        if not content or len(content) > forms.FILE_MAX:
            raise BrokenRuleError(
                "Upload attachment failure: the file is empty or larger than 25 MB", 2018047
            )
        found = next((mime for magic, mime in _MAGIC.items() if content.startswith(magic)), "")
        if found and not found.startswith(_MIMES[kind]):
            raise BrokenRuleError(f"Upload attachment failure: {found} is no {kind}", 2018047)
        again = {"attachment_id": self.world.upload(kind, content)} if payload.get("is_reusable") else {}
        return content, again


async def _fetch(url: str, session: aiohttp.ClientSession) -> bytes:
    """What Meta would fetch; only loopback, since there is no other network in a test."""
    failed = GraphError(400, 100, 2018008, "(#100) Failed to fetch the file from the url")  # [M]
    if not url.startswith("http://127.0.0.1:"):
        raise failed
    try:
        async with session.get(url) as answer:
            if answer.status != 200:
                raise failed
            return await answer.read()
    except aiohttp.ClientError:
        raise failed from None


def _screen(message: Mapping[str, Any]) -> tuple[str, tuple[Button, ...]]:
    """Words and buttons that the person sees."""
    quick = [
        Button(reply.get("title", ""), reply.get("payload", ""), kind=reply["content_type"])
        for reply in message.get("quick_replies", [])
    ]
    payload = message.get("attachment", {}).get("payload", {})
    cards = payload.get("elements", [])
    lasting = [button for part in (payload, *cards) for button in part.get("buttons", [])]
    shown = [
        Button(one["title"], one.get("payload", one.get("url", "")), stays=True, kind=one["type"])
        for one in lasting
    ]
    lines = [line for card in cards for line in (card["title"], card.get("subtitle", "")) if line]
    return message.get("text", payload.get("text", "\n".join(lines))), (*shown, *quick)
