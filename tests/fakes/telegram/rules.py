"""What the real Bot API would refuse: aiogram's method models for names and types, our table for limits.

Never answers a call and never repairs one.
"""

import json
import re
import types
import typing
from collections.abc import Mapping
from typing import Any

import aiogram.methods
import aiogram.types
from aiogram.types import BufferedInputFile
from pydantic import ValidationError

# facts/channels.md §2.2, lengths in code points: (method prefix, parameter) → (least, most)
LENGTHS = {
    "text": (1, 4096),
    "caption": (0, 1024),
    "description": (0, 512),
    "short_description": (0, 120),
    "name": (0, 64),
    "secret_token": (1, 256),
}
TOAST_MAX = 200
PHOTO_MAX = 10 * 1024 * 1024  # §2.2
KINDS = frozenset(
    {"message", "edited_message", "callback_query", "my_chat_member", "message_reaction", "chat_member"}
)
ACTIONS = frozenset(
    {"typing", "upload_photo", "upload_document", "record_voice", "upload_voice", "find_location"}
)
_INLINE_ACTIONS = ("callback_data", "url", "web_app", "login_url", "switch_inline_query", "pay", "copy_text")


class BrokenRuleError(Exception):
    """A call that the real server would refuse; `said` in its own words where they are known."""

    def __init__(self, why: str, said: str = "") -> None:
        super().__init__(why)
        self.said = said or f"Bad Request: {why}"


def model_of(method: str) -> type[aiogram.methods.TelegramMethod[Any]] | None:
    """aiogram's model of `sendMessage`, None for a method that does not exist."""
    return getattr(aiogram.methods, method[:1].upper() + method[1:], None)


def decode(method: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """Form or query values with the types the server would give them."""
    model = model_of(method)
    return {name: _decode(model, name, value) for name, value in fields.items()}


def _decode(model: type[aiogram.methods.TelegramMethod[Any]] | None, name: str, value: str) -> object:
    field = model.model_fields.get(name) if model is not None else None
    if field is None or _takes_text(field.annotation):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _takes_text(annotation: object) -> bool:
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        return str in typing.get_args(annotation)
    return annotation is str


def check(method: str, params: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    """Raises BrokenRuleError for the first rule that a call breaks."""
    model = model_of(method)
    if model is None:
        raise BrokenRuleError(f"no method {method}", "Not Found: method not found")
    given = {**params, **{name: BufferedInputFile(content, name) for name, content in files.items()}}
    if strange := set(given) - set(model.model_fields):
        raise BrokenRuleError(f"{method} has no parameter {', '.join(sorted(strange))}")
    try:
        model.model_validate(given)
    except ValidationError as error:
        raise BrokenRuleError(
            f"{method}: {error.error_count()} wrong parameters: {error.errors()[0]['loc']}"
        ) from None
    _check_lengths(method, given)
    if len(files.get("photo", b"")) > PHOTO_MAX:
        raise BrokenRuleError("a photo of more than 10 MB", "Bad Request: PHOTO_SAVE_FILE_INVALID")
    if method == "sendVenue" and not (given["title"].strip() and given["address"].strip()):
        raise BrokenRuleError("a venue without title or address")
    if isinstance(markup := given.get("reply_markup"), Mapping):
        check_markup(markup)
    _check_setup(method, given)


def _check_lengths(method: str, given: Mapping[str, Any]) -> None:
    toast = {"text": (0, TOAST_MAX)} if method == "answerCallbackQuery" else {}
    for name, (least, most) in (LENGTHS | toast).items():
        value = given.get(name)
        if isinstance(value, str) and not least <= len(value.strip() if name == "text" else value) <= most:
            said = {"text": "message is too long" if value.strip() else "message text is empty"}.get(name, "")
            raise BrokenRuleError(
                f"{method}: {name} has {len(value)} characters", f"Bad Request: {said}" if said else ""
            )


def check_markup(markup: Mapping[str, Any]) -> None:
    """Inline keyboards: ≤ 100 buttons, ≤ 8 a row, one action each, callback_data 1-64 bytes."""
    rows = markup.get("inline_keyboard", markup.get("keyboard", []))
    if sum(map(len, rows)) > 100:
        raise BrokenRuleError("more than 100 buttons", "Bad Request: reply markup is too long")
    for row in rows:
        if len(row) > (8 if "inline_keyboard" in markup else 12):
            raise BrokenRuleError("too many buttons in a row")
        for button in row:
            if not button.get("text"):
                raise BrokenRuleError("a button without text", "Bad Request: text buttons are unallowed")
            if "inline_keyboard" in markup:
                _check_inline(button)
    placeholder = markup.get("input_field_placeholder")
    if placeholder is not None and not 1 <= len(placeholder) <= 64:
        raise BrokenRuleError("input_field_placeholder")


def _check_inline(button: Mapping[str, Any]) -> None:
    if sum(action in button for action in _INLINE_ACTIONS) != 1:
        raise BrokenRuleError("an inline button needs exactly one action")
    if "url" in button and not re.match(r"https?://[^\s/]+|tg://", button["url"]):
        raise BrokenRuleError("a button leads nowhere", "Bad Request: BUTTON_URL_INVALID")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= 64:
        raise BrokenRuleError("callback_data is not 1-64 bytes", "Bad Request: BUTTON_DATA_INVALID")


def _check_setup(method: str, given: Mapping[str, Any]) -> None:
    commands = given.get("commands") or []
    if len(commands) > 100:
        raise BrokenRuleError("more than 100 commands")
    for command in commands:
        if (
            not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"])
            or not 1 <= len(command["description"]) <= 256
        ):
            raise BrokenRuleError("a command breaks its limits", "Bad Request: BOT_COMMAND_INVALID")
    if strange := set(given.get("allowed_updates") or []) - KINDS:
        raise BrokenRuleError(f"allowed_updates: {strange}")
    if method == "sendChatAction" and given["action"] not in ACTIONS:
        raise BrokenRuleError("unknown chat action")
    if method == "setWebhook":
        _check_webhook(given)
    if method == "deleteMessages" and not 1 <= len(given["message_ids"]) <= 100:
        raise BrokenRuleError("message_ids: 1-100")
    if method == "getUpdates" and not 1 <= given.get("limit", 100) <= 100:
        raise BrokenRuleError("limit is 1-100")


def _check_webhook(given: Mapping[str, Any]) -> None:
    secret = given.get("secret_token")
    if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise BrokenRuleError("secret_token contains unallowed characters")
    if not re.match(r"https://|http://127\.0\.0\.1[:/]", given["url"]):  # loopback stands for a TLS proxy
        raise BrokenRuleError(
            "no HTTPS", "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
        )
    if not 1 <= given.get("max_connections", 40) <= 100:
        raise BrokenRuleError("max_connections is 1-100")


def check_update(update: Mapping[str, Any]) -> None:
    """Our own updates must be what aiogram knows as an update."""
    model = aiogram.types.Update.model_validate(update)
    if model.model_extra:
        raise BrokenRuleError(f"the fake invents {sorted(model.model_extra)}")
