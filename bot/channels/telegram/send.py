"""One Part → calls of the Bot API, and what became of them.

Never splits or rewrites words (the core fitted them) and never sends anything as markup: text is plain.

A part that asks for a contact or a place needs a reply keyboard, and a message cannot have an inline one as
well. So all its buttons go into the reply keyboard, the platform's own above; pressing any other types its
label. The next part takes that keyboard away: one without buttons by itself, one with inline buttons after
a "✓", the only message of its own that this channel makes. A recording without words, which follows its
question, leaves the keyboard there, and so do pictures and pins.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from telegram import Bot, InlineKeyboardMarkup, InputFile, Message, ReplyKeyboardRemove
from telegram.error import TelegramError

from bot.channels.channel import Given, Outcome, Refused, Sent, Uncertain, Unheld, Uploaded
from bot.channels.telegram.capabilities import CAPTION_MAX
from bot.channels.telegram.outcome import is_uneditable, is_unheld, outcome_of
from bot.core import speech
from bot.core.channel import Part, PartButton, Point

Call = Callable[[str, Mapping[str, Any]], Awaitable[Any]]
Markup = Mapping[str, Any]

_REMOVE: Final[Markup] = {"remove_keyboard": True}
_PLAIN: Final = {"is_disabled": True}  # no preview of a link below our words
_ACKNOWLEDGED: Final = "✓"


class Sender:
    """Sends for one bot. It remembers whose reply keyboard is still up; forgetting it costs only tidiness."""

    def __init__(self, bot: Bot, call: Call) -> None:
        self._bot = bot
        self._call = call
        self._keyboards: set[int] = set()

    async def send(self, address: str, part: Part, document: Given) -> Outcome:
        """Deliver one part; a failure of the platform or the network is an outcome, never an exception."""
        if not address.isascii() or not address.isdigit():
            return Refused("bad-recipient", stop="person")
        if part.document is not None and document is None:
            return Refused("document-missing")
        try:
            return await self._deliver(int(address), part, document)
        except TelegramError as error:
            if isinstance(document, Uploaded) and is_unheld(error):
                return Unheld()
            return outcome_of(error, edited=part.replaces)
        except (KeyError, TypeError, ValueError, AttributeError):  # an answer of a shape nobody knows
            return Uncertain("answer-unreadable")

    async def _deliver(self, chat: int, part: Part, document: Given) -> Outcome:
        if part.replaces.isdigit() and part.request is None and part.document is None:
            try:
                return await self._edit(chat, part)
            except TelegramError as error:
                if not is_uneditable(error):
                    raise
        if part.rows and part.request is None and chat in self._keyboards:
            silent = {"disable_notification": True, "reply_markup": _REMOVE}
            mark = await self._call("sendMessage", {"chat_id": chat, "text": _ACKNOWLEDGED, **silent})
            self._keyboards.discard(chat)
            sent = _with(int(mark["message_id"]), await self._say(chat, part, document))
        else:
            sent = await self._say(chat, part, document)
        if part.request is not None:
            self._keyboards.add(chat)
        elif part.text and not part.rows:
            self._keyboards.discard(chat)
        return sent

    async def _edit(self, chat: int, part: Part) -> Outcome:
        params = {"chat_id": chat, "message_id": int(part.replaces), "text": part.text}
        markup = {"reply_markup": inline_keyboard(part)} if part.rows else {}
        await self._call("editMessageText", {**params, **markup, "link_preview_options": _PLAIN})
        return Sent(part.replaces)

    async def _say(self, chat: int, part: Part, document: Given) -> Sent:
        """Words that do not fit under a document follow it, with the buttons."""
        if part.point is not None:
            return await self._pin(chat, part.point)
        if part.document is not None and document is not None:
            file = _file(document, part.document.name)
            if len(part.text) <= CAPTION_MAX:
                return await self._hand_over(chat, file, part)
            paper = await self._bot.send_document(chat, file)
            return _with(paper.message_id, await self._words(chat, part))
        return await self._words(chat, part)

    async def _words(self, chat: int, part: Part) -> Sent:
        params = {"chat_id": chat, "text": part.text, "reply_markup": _markup(part)}
        message = await self._call("sendMessage", {**params, "link_preview_options": _PLAIN})
        return Sent(str(int(message["message_id"])))

    async def _pin(self, chat: int, point: Point) -> Sent:
        """A venue where it has a name: it needs an address too; the Bot API limits neither's length."""
        where = {"chat_id": chat, "latitude": point.latitude, "longitude": point.longitude}
        named = {"title": point.title, "address": point.address or point.title}
        method, params = ("sendVenue", {**where, **named}) if point.title else ("sendLocation", where)
        return Sent(str(int((await self._call(method, params))["message_id"])))

    async def _hand_over(self, chat: int, file: InputFile | str, part: Part) -> Sent:
        """A recording goes as a voice note, a picture as a photo; its name is told when it was uploaded."""
        inline = InlineKeyboardMarkup.de_json(inline_keyboard(part), self._bot) if part.rows else None
        markup = inline or (ReplyKeyboardRemove() if part.text else None)
        bot, words = self._bot, part.text or None
        match part.document.mime if part.document is not None else "":
            case speech.MIME:
                sent = await bot.send_voice(chat, file, caption=words, reply_markup=markup)
            case "image/jpeg" | "image/png":
                sent = await bot.send_photo(chat, file, caption=words, reply_markup=markup)
            case _:
                sent = await bot.send_document(chat, file, caption=words, reply_markup=markup)
        return Sent(str(sent.message_id), "" if isinstance(file, str) else _held(sent))


def _held(sent: Message) -> str:
    """What Telegram calls the recording or picture of a message; a picture by its largest size."""
    shown = sent.voice or (sent.photo[-1] if sent.photo else None)
    return shown.file_id if shown is not None else ""


def _with(earlier: int, sent: Sent) -> Sent:
    """A part that took two messages: both their ids, so that both can be deleted."""
    return Sent(f"{earlier} {sent.message}", sent.file)


def _file(document: bytes | Uploaded, name: str) -> InputFile | str:
    return document.ref if isinstance(document, Uploaded) else InputFile(document, filename=name)


def inline_keyboard(part: Part) -> dict[str, Any]:
    """The rows of a part as buttons under the message."""
    return {"inline_keyboard": [[_inline(button) for button in row] for row in part.rows]}


def _inline(button: PartButton) -> dict[str, Any]:
    does = {"url": button.url} if button.url else {"callback_data": button.payload}
    return {"text": button.label, **does}


def _markup(part: Part) -> Markup:
    if part.request is not None:
        return _reply_keyboard(part)
    return inline_keyboard(part) if part.rows else _REMOVE


def _reply_keyboard(part: Part) -> Markup:
    ask = {"text": part.request_label, f"request_{part.request}": True}
    rows = [[{"text": button.label} for button in row] for row in part.rows]
    return {"keyboard": [[ask], *rows], "resize_keyboard": True, "one_time_keyboard": True}
