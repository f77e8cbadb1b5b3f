"""A person with a telephone: writes, taps, speaks, blocks, and reads what the bot sent.

Never presses what is not on the screen.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from tests.fakes.telegram.world import Chat, Query, World


class Screen(Protocol):
    """What a person needs of the fake."""

    world: World

    def emit(self, kind: str, body: dict[str, Any], queue: tuple[str, int]) -> int: ...

    async def until(self, ready: Callable[[], bool], within: float, what: str) -> None: ...


class FakeUser:
    """Every act returns the update id that the bot will get (acts that send several: the last one)."""

    def __init__(self, fake: Screen, chat: Chat) -> None:
        self._fake = fake
        self.chat = chat
        self.id: int = chat.person["id"]
        self._heard = 0

    # what the person does

    def text(self, text: str) -> int:
        return self._say({"text": text, **_entities(text)})

    def start(self, payload: str = "") -> int:
        return self.text(f"/start {payload}".strip())

    def tap(self, which: str | int = 0, message: int | None = None) -> int:
        """Press a button by place, label or end of its payload, on the newest message that has it.

        On a reply keyboard it types the label, or shares what the button asks for.
        """
        if message is None and isinstance(which, str):
            for typed in (button for row in self.chat.keyboard for button in row):
                if typed["text"] == which:
                    return self._press_reply(typed)
        tapped, button = self._find(which, message)
        return self.press(button["callback_data"], tapped)

    def press(self, payload: str, message: Mapping[str, Any]) -> int:
        """Send a payload from `message`, however old it is."""
        query = str(self._fake.world.next("query"))
        self._fake.world.queries[query] = Query(time.monotonic(), self.id)
        body = {
            "id": query,
            "from": self.chat.person,
            "message": dict(message),
            "chat_instance": "-7001",
            "data": payload,
        }
        return self._fake.emit("callback_query", body, ("tap", self.id))

    def voice(self, seconds: int = 3, content: bytes = b"OggS" + bytes(60)) -> int:
        form = self._fake.world.add_file("voice", content, "oga")
        return self._say({"voice": {**form, "duration": seconds, "mime_type": "audio/ogg"}})

    def photo(self, *contents: bytes, caption: str = "") -> int:
        """One photo; several make an album."""
        album = {"media_group_id": f"1{time.monotonic_ns()}"} if len(contents) > 1 else {}
        last = 0
        for content in contents or (b"\xff\xd8\xff" + bytes(30),):
            small = {**self._fake.world.add_file("photos", content[:1], "jpg"), "width": 90, "height": 60}
            large = {**self._fake.world.add_file("photos", content, "jpg"), "width": 1280, "height": 853}
            said = {"caption": caption} if caption else {}
            last = self._say({"photo": [small, large], **album, **said})
        return last

    def document(
        self, content: bytes = b"%PDF-1.4", name: str = "book.pdf", mime: str = "application/pdf"
    ) -> int:
        form = self._fake.world.add_file("documents", content, "bin")
        return self._say({"document": {**form, "file_name": name, "mime_type": mime}})

    def sticker(self) -> int:
        form = self._fake.world.add_file("stickers", b"RIFF", "webp")
        flags = {"is_animated": False, "is_video": False, "type": "regular", "width": 512, "height": 512}
        return self._say({"sticker": {**form, **flags, "emoji": "👍"}})

    def contact(self, phone: str = "+85512345678", owner: int | None = None) -> int:
        """Share a number: one's own, or that of `owner` (0: somebody without Telegram)."""
        who = self.id if owner is None else owner
        form = {"phone_number": phone, "first_name": "សុខា"}
        return self._say({"contact": {**form, "user_id": who} if who else form})

    def location(self, latitude: float = 13.10, longitude: float = 103.20) -> int:
        return self._say({"location": {"latitude": latitude, "longitude": longitude}})

    def edit(self, text: str, message: int | None = None) -> int:
        """Change one's last words (or those of `message`)."""
        mine = [form for form in self.chat.messages.values() if not form["from"]["is_bot"] and "text" in form]
        form = self.chat.messages[message] if message is not None else mine[-1]
        form.update(text=text, edit_date=self._fake.world.date())
        return self._fake.emit("edited_message", dict(form), ("chat", self.id))

    def block(self) -> int:
        self.chat.blocked = True
        return self._membership("member", "kicked")

    def unblock(self) -> int:
        self.chat.blocked = False
        return self._membership("kicked", "member")

    # what the person sees

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The bot's messages as they look now."""
        return self.chat.sent

    @property
    def last(self) -> dict[str, Any]:
        return self.chat.sent[-1]

    @property
    def buttons(self) -> list[str]:
        """The labels under the last message, or of the reply keyboard when one is up."""
        last = self.chat.sent[-1:]
        inline = last[0].get("reply_markup", {}).get("inline_keyboard", []) if last else []
        shown = self.chat.keyboard or inline
        return [button["text"] for row in shown for button in row]

    async def heard(self, count: int = 1, within: float = 10.0) -> list[dict[str, Any]]:
        """Wait for `count` messages more than at the last call; gives all that are new."""
        until = self._heard + count
        await self._fake.until(lambda: len(self.chat.sent) >= until, within, f"{count} messages to {self.id}")
        new = self.chat.sent[self._heard :]
        self._heard = len(self.chat.sent)
        return new

    async def quiet(self, seconds: float = 0.2) -> list[dict[str, Any]]:
        """What more came during a while (for proving that nothing does)."""
        before = len(self.chat.sent)
        await asyncio.sleep(seconds)
        return self.chat.sent[before:]

    # how it is written

    def _say(self, content: dict[str, Any]) -> int:
        form = self._fake.world.message(self.chat, self.chat.person, content)
        return self._fake.emit("message", dict(form), ("chat", self.id))

    def _press_reply(self, button: Mapping[str, Any]) -> int:
        self.chat.keyboard = []  # all our keyboards are one-time
        if button.get("request_contact"):
            return self.contact()
        return self.location() if button.get("request_location") else self.text(button["text"])

    def _find(self, which: str | int, number: int | None) -> tuple[dict[str, Any], Mapping[str, Any]]:
        for message in reversed(self.chat.sent):
            if number is not None and message["message_id"] != number:
                continue
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            buttons = [button for row in rows for button in row]
            if isinstance(which, int) and buttons:
                return message, buttons[which]
            for button in buttons:
                if which == button["text"] or button.get("callback_data", "").endswith(f":{which}"):
                    return message, button
        raise AssertionError(f"no button {which!r}; the screen shows {self.buttons}")

    def _membership(self, before: str, after: str) -> int:
        def member(status: str) -> dict[str, Any]:
            form = {"user": self._fake.world.bot, "status": status}
            return {**form, "until_date": 0} if status == "kicked" else form

        body = {
            "chat": self.chat.form,
            "from": self.chat.person,
            "date": self._fake.world.date(),
            "old_chat_member": member(before),
            "new_chat_member": member(after),
        }
        return self._fake.emit("my_chat_member", body, ("chat", self.id))


def _entities(text: str) -> dict[str, Any]:
    if not text.startswith("/"):
        return {}
    return {"entities": [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]}
