"""What the product is told: people's acts, echoes and receipts of our sends, decisions about templates.

Never tells what the Page is not subscribed to.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.fakes.graph.hooks import Hooks, Post
from tests.fakes.graph.world import Got, World

_IN_STANDBY = frozenset(
    {"messages", "messaging_postbacks", "message_reads", "message_deliveries", "message_echoes"}
    | {"message_reactions", "message_edits", "messaging_referrals"}
)


class Tells:
    """`receipts`: echo and delivery of every message of ours. `waits`: for the product to take a body."""

    def __init__(self, world: World, hooks: Hooks, app_id: str, *, waits: bool) -> None:
        self.receipts = True
        self._world = world
        self._hooks = hooks
        self._app_id = app_id
        self.waits = waits
        self._batch: list[dict[str, Any]] | None = None

    @asynccontextmanager
    async def batch(self) -> AsyncIterator[None]:
        """Everything told meanwhile comes in one body."""
        told: list[dict[str, Any]] = []
        self._batch = told
        try:
            yield
        finally:
            self._batch = None
        await self._wait(self._hooks.put({"object": "page", "entry": told}, None))

    async def tell(self, field: str, psid: str, item: dict[str, Any]) -> dict[str, Any]:
        """Post an event of a subscribed field; gives the body (or what it would have been)."""
        entry = {
            "id": self._world.page_id,
            "time": self._world.milliseconds(),
            **self._place(field, psid, item),
        }
        body = {"object": "page", "entry": [entry]}
        if not self._wanted(field):
            return body
        if self._batch is not None:
            self._batch.append(entry)
            return body
        post = self._hooks.put(body, psid or None)
        await self._wait(post)
        return post.body

    async def rule(self, name: str, language: str, event: str, reason: str) -> dict[str, Any]:
        """A template's new status. The shape is that of the other platform's webhook of this name ([M])."""
        made = self._world.templates[name, language]
        made.status = event
        value = {
            "event": event,
            "message_template_id": int(made.id),
            "message_template_name": name,
            "message_template_language": language,
            "reason": reason or None,
        }
        return await self.tell("message_template_status_update", "", value)

    def report(self, psid: str, got: Got) -> None:
        """The echo of our own message, and that it arrived (facts/channels.md §3.1)."""
        if not self.receipts:
            return
        page, person = {"id": self._world.page_id}, {"id": psid}
        at = self._world.milliseconds()
        fields = [name for name in ("text", "metadata") if name in got.form]
        message: dict[str, Any] = {"mid": got.mid, "is_echo": True, "app_id": int(self._app_id)}
        message |= {name: got.form[name] for name in fields}
        if "attachment" in got.form:
            message["attachments"] = [got.form["attachment"]]
        arrived = {"mids": [got.mid], "watermark": at}
        echo = {"sender": page, "recipient": person, "timestamp": at, "message": message}
        delivery = {"sender": person, "recipient": page, "timestamp": at, "delivery": arrived}
        for field, item in (("message_echoes", echo), ("message_deliveries", delivery)):
            if self._wanted(field):
                entry = {"id": self._world.page_id, "time": at, **self._place(field, psid, item)}
                self._hooks.put({"object": "page", "entry": [entry]}, psid)

    def _place(self, field: str, psid: str, item: dict[str, Any]) -> dict[str, Any]:
        """`standby` while another app has the thread (§3.7)."""
        if field == "message_template_status_update":
            return {"changes": [{"field": field, "value": item}]}
        thread = self._world.threads.get(psid)
        aside = field in _IN_STANDBY and thread is not None and thread.owner
        return {"standby" if aside else "messaging": [item]}

    def _wanted(self, field: str) -> bool:
        return self._world.subscribed is None or field in self._world.subscribed

    async def _wait(self, post: Post) -> None:
        if self.waits:
            await post.done.wait()
