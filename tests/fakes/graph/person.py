"""A person with Messenger: writes, presses, speaks, reacts, blocks, and reads what the Page sent.

Never presses what is not on the screen.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Protocol

from tests.fakes.graph.world import INBOX_APP, Button, Got, Thread, World

STICKER = "369239263222822"  # thumbs up (facts/channels.md §3.1)
EDITS_MAX = 5  # of one message (Meta's page on message_edits)


class Stage(Protocol):
    """What a person needs of the fake."""

    world: World
    app_id: str
    base: str
    foreign: str

    async def tell(self, field: str, psid: str, item: dict[str, Any]) -> dict[str, Any]: ...

    async def until_got(self, thread: Thread, count: int, within: float) -> None: ...


class FakePerson:
    """Every act returns the webhook body that told of it, once the product has taken it."""

    def __init__(self, fake: Stage, thread: Thread) -> None:
        self._fake = fake
        self.thread = thread
        self.psid = thread.psid
        self._heard = 0
        self._edits = 0  # of the last message

    # what the person does

    async def say(self, text: str) -> dict[str, Any]:
        return await self._message({"text": text})

    async def tap(self, payload: str, *, late: bool = False) -> dict[str, Any]:
        """Press what carries this payload. `late`: it is gone by now, but was pressed in time."""
        shown = Button(payload, payload) if late else None
        for button in (*self._pressable(), *([shown] if shown else [])):
            if button.payload == payload:
                return await self._press(button)
        raise AssertionError(f"no button with {payload!r}; the screen shows {self._pressable()}")

    async def press(self, label: str) -> dict[str, Any]:
        """Press the quick reply, button or menu entry of that label; the newest."""
        for button in self._pressable():
            if button.label == label:
                return await self._press(button)
        raise AssertionError(f"no button {label!r}; the screen shows {self._pressable()}")

    async def start(self, ref: str = "") -> dict[str, Any]:
        """Get Started in a new thread; an m.me link in one that exists."""
        source = {"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"}
        if self.thread.acted_at is not None:
            assert ref, "opening a thread that exists, without a ref, tells the Page nothing"
            return await self._act("messaging_referrals", {"referral": source})
        begin = self._fake.world.profile.get("get_started")
        assert begin is not None, "the Page has no Get Started button: set its messenger_profile first"
        form = {"mid": self._fake.world.mid(), "title": "Get Started", "payload": begin["payload"]}
        referral = {"referral": source} if ref else {}
        return await self._act("messaging_postbacks", {"postback": {**form, **referral}})

    async def react(self, mid: str = "", emoji: str = "❤") -> dict[str, Any]:
        on = mid or self.thread.got[-1].mid
        form = {"reaction": "love", "emoji": emoji, "action": "react", "mid": on}
        return await self._act("message_reactions", {"reaction": form})

    async def voice(self, content: bytes = b"\x00\x00\x00\x18ftypmp42", **how: bool) -> dict[str, Any]:
        return await self._send_file("audio", "audio/mp4", "mp4", content, **how)

    async def image(self, content: bytes = b"\xff\xd8\xff" + bytes(30), **how: bool) -> dict[str, Any]:
        return await self._send_file("image", "image/jpeg", "jpg", content, **how)

    async def video(self, content: bytes = b"\x00\x00\x00\x18ftypmp42", **how: bool) -> dict[str, Any]:
        return await self._send_file("video", "video/mp4", "mp4", content, **how)

    async def document(self, content: bytes = b"%PDF-1.4", **how: bool) -> dict[str, Any]:
        return await self._send_file("file", "application/pdf", "pdf", content, **how)

    async def edit(self, text: str) -> dict[str, Any]:
        """Change one's last message; nobody says that this opens the window."""
        self._edits += 1
        assert self._edits <= EDITS_MAX, "Messenger lets nobody edit a message so often"
        form = {"mid": self.thread.said[-1], "text": text, "num_edit": self._edits}
        return await self._tell("message_edits", {"message_edit": form})

    async def images(self, *contents: bytes) -> dict[str, Any]:
        """Several pictures in one message."""
        return await self._message(
            {"attachments": [self._attach("image", "image/jpeg", "jpg", one) for one in contents]}
        )

    async def sticker(self) -> dict[str, Any]:
        link = f"{self._fake.base}/cdn/sticker.png"
        form = {"type": "sticker", "payload": {"url": link, "sticker_id": int(STICKER)}}
        return await self._message({"attachments": [form]})

    async def location(self, latitude: float = 13.10, longitude: float = 103.20) -> dict[str, Any]:
        point = {"coordinates": {"lat": latitude, "long": longitude}}
        return await self._message({"attachments": [{"type": "location", "payload": point}]})

    async def share_phone(self, phone: str = "+85512345678") -> dict[str, Any]:
        asked = [button for button in self._pressable() if button.kind == "user_phone_number"]
        assert asked, "nobody asks for the phone number"
        return await self._message({"text": phone, "quick_reply": {"payload": phone}})

    async def read(self) -> dict[str, Any]:
        """Open the chat: everything until now is seen. Does not open the window."""
        form = {"watermark": self._fake.world.milliseconds()}
        return await self._tell("message_reads", {"read": form})

    async def receive(self) -> dict[str, Any]:
        """The telephone has everything until now."""
        form = {
            "mids": [got.mid for got in self.thread.got[-1:]],
            "watermark": self._fake.world.milliseconds(),
        }
        return await self._tell("message_deliveries", {"delivery": form})

    def met(self) -> None:
        """Has written before this story begins: the window is open, and nobody is told."""
        self._fake.world.acted(self.psid)

    def wait(self, for_: timedelta) -> None:
        """So long ago was the person's last act."""
        self.thread.acted_at = self._fake.world.now() - for_

    def block(self) -> None:
        """Messenger tells nobody."""
        self.thread.blocked = True

    def unblock(self) -> None:
        self.thread.blocked = False

    def shut(self) -> None:
        """Graph thinks that the window is closed, until the person acts again."""
        self.thread.shut = True

    # what staff do in the Page's own inbox

    async def staff_write(self, text: str) -> dict[str, Any]:
        """A foreign echo (§3.7)."""
        form = {"mid": self._fake.world.mid(), "is_echo": True, "app_id": int(INBOX_APP), "text": text}
        return await self._tell("message_echoes", {"message": form}, from_page=True)

    async def staff_take(self) -> dict[str, Any]:
        """From now on the person's events come as `standby`."""
        self.thread.owner = INBOX_APP
        change = {"previous_owner_app_id": self._fake.app_id, "new_owner_app_id": INBOX_APP, "metadata": ""}
        return await self._tell("messaging_handovers", {"take_thread_control": change})

    async def staff_leave(self) -> dict[str, Any]:
        """The chat is ours again."""
        self.thread.owner = ""
        change = {"previous_owner_app_id": INBOX_APP, "new_owner_app_id": self._fake.app_id, "metadata": ""}
        return await self._tell("messaging_handovers", {"pass_thread_control": change})

    # what the person sees

    @property
    def messages(self) -> list[Got]:
        """What they were sent, oldest first."""
        return self.thread.got

    @property
    def last(self) -> Got:
        return self.thread.got[-1]

    @property
    def buttons(self) -> list[str]:
        """The labels below the last message."""
        return self.thread.got[-1].buttons if self.thread.got else []

    async def heard(self, count: int = 1, within: float = 10.0) -> list[Got]:
        """Wait for `count` messages more than at the last call; gives all that are new."""
        await self._fake.until_got(self.thread, self._heard + count, within)
        new = self.thread.got[self._heard :]
        self._heard = len(self.thread.got)
        return new

    # how it is told

    def _pressable(self) -> list[Button]:
        """Quick replies of the last message only; template buttons of any, the newest first; the menu."""
        last = self.thread.got[-1:]
        quick = [button for got in last for button in got.choices if not button.stays]
        lasting = [button for got in reversed(self.thread.got) for button in got.choices if button.stays]
        menus: list[Mapping[str, Any]] = self._fake.world.profile.get("persistent_menu", [])
        entries = [entry for menu in menus for entry in menu.get("call_to_actions", [])]
        menu = [
            Button(e["title"], e["payload"], stays=True, kind="postback") for e in entries if "payload" in e
        ]
        return [*quick, *lasting, *menu]

    async def _press(self, button: Button) -> dict[str, Any]:
        match button.kind:
            case "postback":
                form = {"mid": self._fake.world.mid(), "title": button.label, "payload": button.payload}
                return await self._act("messaging_postbacks", {"postback": form})
            case "text":
                return await self._message({"text": button.label, "quick_reply": {"payload": button.payload}})
            case "user_phone_number":
                return await self.share_phone()
            case kind:
                raise AssertionError(f"pressing a {kind} leaves Messenger and tells the Page nothing")

    async def _send_file(
        self, kind: str, mime: str, suffix: str, content: bytes, *, foreign: bool = False, moved: bool = False
    ) -> dict[str, Any]:
        """`foreign`: the link leads to another host; `moved`: to ours, which sends on to the other."""
        form = self._attach(kind, mime, suffix, content, foreign=foreign, moved=moved)
        return await self._message({"attachments": [form]})

    def _attach(
        self, kind: str, mime: str, suffix: str, content: bytes, *, foreign: bool = False, moved: bool = False
    ) -> dict[str, Any]:
        name = self._fake.world.add_media(mime, content, suffix)
        host, folder = self._fake.foreign if foreign else self._fake.base, "moved" if moved else "cdn"
        link = f"{host}/{folder}/{name}?_nc_ohc=TEST&oe=6A0B1C2D"
        return {"type": kind, "payload": {"url": link}}

    async def _message(self, content: dict[str, Any]) -> dict[str, Any]:
        mid = self._fake.world.mid()
        self.thread.said.append(mid)
        self._edits = 0
        return await self._act("messages", {"message": {"mid": mid, **content}})

    async def _act(self, field: str, item: dict[str, Any]) -> dict[str, Any]:
        """What opens the window (§3.3)."""
        self._fake.world.acted(self.psid)
        return await self._tell(field, item)

    async def _tell(self, field: str, item: dict[str, Any], *, from_page: bool = False) -> dict[str, Any]:
        person, page = {"id": self.psid}, {"id": self._fake.world.page_id}
        sender, recipient = (page, person) if from_page else (person, page)
        ends = {"sender": sender, "recipient": recipient, "timestamp": self._fake.world.milliseconds()}
        return await self._fake.tell(field, self.psid, {**ends, **item})
