"""The form of a call of the Send API: what Graph refuses whoever it is for.

Never looks at people, windows or grants (see methods), and never repairs a call.
"""

from collections.abc import Mapping
from typing import Any

from tests.fakes.graph.faults import BrokenRuleError

# facts/channels.md §3.2, lengths in code points (Khmer is all BMP, so UTF-16 units agree)
TEXT_MAX = 1999  # "< 2000"
METADATA_MAX = 999  # "< 1000"
QUICK_REPLIES_MAX = 13
LABEL_MAX = 20  # Graph cuts longer titles of quick replies; our product may never rely on it
PAYLOAD_MAX = 1000
BUTTON_TEXT_MAX = 640
BUTTONS_MAX = 3
CARDS_MAX = 10
CARD_TEXT_MAX = 80
FILE_MAX = 25 * 1024 * 1024

TYPES = frozenset({"RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY"})
REMOVED_TAGS = frozenset({"CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE"})  # §0.1
ACTIONS = frozenset({"typing_on", "typing_off", "mark_seen", "react", "unreact"})
NOTIFICATIONS = frozenset({"REGULAR", "SILENT_PUSH", "NO_PUSH"})
FILES = frozenset({"image", "audio", "video", "file"})
_CALL = frozenset(
    {"recipient", "message", "messaging_type", "tag", "sender_action", "notification_type", "payload"}
    | {"reply_to", "persona_id"}
)
_MESSAGE = frozenset({"text", "attachment", "quick_replies", "metadata", "template"})
_QUICK = {
    "text": {"content_type", "title", "payload", "image_url"},
    "user_phone_number": {"content_type"},
    "user_email": {"content_type"},
}
_BUTTON = {
    "postback": {"type", "title", "payload"},
    "web_url": {"type", "title", "url"},
    "phone_number": {"type", "title", "payload"},
}


def check(params: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    """Raises BrokenRuleError for the first rule that a call of /messages breaks."""
    _only(params, _CALL, "the call")
    recipient = _mapping(params.get("recipient"), "recipient")
    _only(recipient, {"id"}, "recipient")
    _words(recipient, "id", 64)
    if "sender_action" in params:
        return _check_action(params)
    if params.get("messaging_type") not in TYPES:
        raise BrokenRuleError("Param messaging_type must be one of RESPONSE, UPDATE, MESSAGE_TAG, UTILITY")
    if params.get("notification_type", "REGULAR") not in NOTIFICATIONS:
        raise BrokenRuleError("Param notification_type is wrong")
    _check_tag(params)
    message = _mapping(params.get("message"), "message")
    _check_message(message, files)
    if (params["messaging_type"] == "UTILITY") != ("template" in message):
        raise BrokenRuleError("messaging_type UTILITY goes with message.template, and with nothing else")
    return None


def _check_action(params: Mapping[str, Any]) -> None:
    if str(params["sender_action"]).lower() not in ACTIONS:
        raise BrokenRuleError("Param sender_action is unknown")
    reacts = "react" in str(params["sender_action"]).lower()
    _only(params, {"recipient", "sender_action", *(["payload"] if reacts else [])}, "a sender action")


def _check_tag(params: Mapping[str, Any]) -> None:
    tag = params.get("tag")
    if (params["messaging_type"] == "MESSAGE_TAG") != (tag is not None):
        raise BrokenRuleError("A tag goes with messaging_type MESSAGE_TAG, and the other way round")
    if tag in REMOVED_TAGS:
        raise BrokenRuleError(f"The tag {tag} was removed on 2026-04-27", 1893061)
    if tag not in (None, "HUMAN_AGENT"):
        raise BrokenRuleError(f"Param tag: {tag} is unknown")


def _check_message(message: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    _only(message, _MESSAGE, "message")
    bodies = [name for name in ("text", "attachment", "template") if name in message]
    if len(bodies) != 1:
        raise BrokenRuleError("A message is one of text, attachment and template", 2018034)
    if "text" in message:
        if not isinstance(message["text"], str) or not message["text"].strip():
            raise BrokenRuleError("Message cannot be empty, must provide valid text", 2018034)
        _words(message, "text", TEXT_MAX)
    if "attachment" in message:
        _check_attachment(_mapping(message["attachment"], "attachment"), files)
    if "metadata" in message:
        _words(message, "metadata", METADATA_MAX)
    if "quick_replies" in message:
        if "template" in message:
            raise BrokenRuleError("A utility template carries no quick replies", 2018416)
        _check_quick_replies(message["quick_replies"])


def _check_quick_replies(replies: object) -> None:
    for reply in _sequence(replies, "quick_replies", QUICK_REPLIES_MAX):
        allowed = _QUICK.get(str(reply.get("content_type")))
        if allowed is None:
            raise BrokenRuleError(f"quick reply content_type {reply.get('content_type')} is unknown")
        _only(reply, allowed, "a quick reply")
        if reply["content_type"] == "text":
            _words(reply, "title", LABEL_MAX)
            _words(reply, "payload", PAYLOAD_MAX)


def _check_attachment(attachment: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    _only(attachment, {"type", "payload"}, "attachment")
    payload = _mapping(attachment.get("payload"), "attachment.payload")
    if attachment.get("type") == "template":
        return _check_template(payload)
    if attachment.get("type") not in FILES:
        raise BrokenRuleError("attachment.type is one of image, audio, video, file, template")
    _only(payload, {"url", "attachment_id", "is_reusable"}, "attachment.payload")
    given = ["filedata" in files, "url" in payload, "attachment_id" in payload]
    if sum(given) != 1:
        raise BrokenRuleError("An attachment is one of url, attachment_id and filedata")
    for name in ("url", "attachment_id"):
        if name in payload:
            _words(payload, name, 2000)
    return None


def check_upload(params: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    """A call of /message_attachments."""
    _only(params, {"message", "platform"}, "the call")
    message = _mapping(params.get("message"), "message")
    _only(message, {"attachment"}, "message")
    attachment = _mapping(message.get("attachment"), "attachment")
    _check_attachment(attachment, files)
    payload = attachment["payload"]
    if (
        attachment["type"] == "template"
        or "attachment_id" in payload
        or payload.get("is_reusable") is not True
    ):
        raise BrokenRuleError("Only new, reusable media can be uploaded", 2018047)


def _check_template(payload: Mapping[str, Any]) -> None:
    match payload.get("template_type"):
        case "button":
            _only(payload, {"template_type", "text", "buttons"}, "a button template")
            _words(payload, "text", BUTTON_TEXT_MAX)
            _check_buttons(payload.get("buttons"))
        case "generic":
            _only(payload, {"template_type", "elements", "image_aspect_ratio"}, "a generic template")
            for card in _sequence(payload.get("elements"), "elements", CARDS_MAX):
                _check_card(card)
        case kind:
            raise BrokenRuleError(f"template_type {kind} is unknown to this fake")


def _check_card(card: Mapping[str, Any]) -> None:
    _only(card, {"title", "subtitle", "image_url", "default_action", "buttons"}, "an element")
    _words(card, "title", CARD_TEXT_MAX)
    if "subtitle" in card:
        _words(card, "subtitle", CARD_TEXT_MAX)
    if not {"subtitle", "image_url", "buttons"} & set(card):
        raise BrokenRuleError("An element needs more than its title")
    if "buttons" in card:
        _check_buttons(card["buttons"])


def _check_buttons(buttons: object) -> None:
    for button in _sequence(buttons, "buttons", BUTTONS_MAX):
        allowed = _BUTTON.get(str(button.get("type")))
        if allowed is None:
            raise BrokenRuleError(f"button type {button.get('type')} is unknown")
        if set(button) != allowed:
            raise BrokenRuleError(f"a {button['type']} button has {sorted(allowed)}")
        _words(button, "title", LABEL_MAX)
        _words(button, "payload" if "payload" in allowed else "url", PAYLOAD_MAX)
        if button["type"] == "web_url" and not button["url"].startswith(("https://", "http://")):
            raise BrokenRuleError("Param url must be a URL")


def _only(form: Mapping[str, Any], allowed: set[str] | frozenset[str], where: str) -> None:
    if strange := set(form) - allowed:
        raise BrokenRuleError(f"{where}: unexpected {', '.join(sorted(strange))}")


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BrokenRuleError(f"The parameter {name} is required")
    return value


def _sequence(value: object, name: str, most: int) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        raise BrokenRuleError(f"Param {name} must be a list of 1 to {most}")
    return [_mapping(one, name) for one in value]


def _words(form: Mapping[str, Any], name: str, most: int) -> None:
    value = form.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= most:
        length = f", not {len(value)}" if isinstance(value, str) else ""
        raise BrokenRuleError(f"Param {name} must be words of 1 to {most} characters{length}")
