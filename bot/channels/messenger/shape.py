"""One Part → the `message` objects of the Send API (pure).

Never splits or rewrites words: the core fitted them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.channels.messenger.naming import metadata
from bot.core.channel import Part, PartButton, PartCard, Template

Json = dict[str, Any]

_KINDS: Final = ("audio", "image", "video")  # of an attachment, by the first half of its MIME type
_TYPES: Final[Mapping[str, Mapping[str, str]]] = {  # by way: how a message is declared (facts §3.2, §3.6)
    "free": {"messaging_type": "RESPONSE"},
    "template": {"messaging_type": "UTILITY"},
    "human": {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"},
}


def envelope(address: str, way: str, message: Json) -> Json:
    """The whole body of a send."""
    return {"recipient": {"id": address}, **_TYPES[way], "message": message}


def words(part: Part, name: str) -> Json:
    """Text with its buttons: those that stay as a button template, the others as quick replies.

    A part of cards is a carousel with the quick replies below it.
    """
    stay, vanish = _buttons(part)
    below = {**quick_replies(part, vanish), "metadata": metadata(name)}
    if part.cards:
        return {**_template("generic", elements=[_card(one) for one in part.cards]), **below}
    if stay:
        return {**_template("button", text=part.text, buttons=[_button(one) for one in stay]), **below}
    return {"text": part.text, **below}


def file(kind: str, attachment: str, part: Part, name: str) -> Json:
    """An attachment that the platform holds; with the buttons, when no words follow that could have them."""
    last = not part.text
    held = {"type": kind, "payload": {"attachment_id": attachment}}
    replies = quick_replies(part, [one for row in part.rows for one in row]) if last else {}
    return {"attachment": held, **replies, "metadata": metadata(name, last=last)}


def approved(template: Template, name: str) -> Json:
    """Words that the platform approved, alone: free text beside them would be refused (§3.6)."""
    filled = [{"type": "text", "parameter_name": field, "text": said} for field, said in template.filled]
    body = {"components": [{"type": "body", "parameters": filled}]} if filled else {}
    held = {"name": template.name, "language": {"code": template.language}, **body}
    return {"template": held, "metadata": metadata(name)}


def kind_of(mime: str) -> str:
    """What an attachment of this MIME type is called."""
    first = mime.partition("/")[0]
    return first if first in _KINDS else "file"


def quick_replies(part: Part, buttons: Sequence[PartButton]) -> Json:
    """The platform's own for a phone number first, where the part asks for it; {} without any."""
    ask = [{"content_type": "user_phone_number"}] if part.request == "contact" else []
    replies = [{"content_type": "text", "title": one.label, "payload": one.payload} for one in buttons]
    return {"quick_replies": [*ask, *replies]} if ask or replies else {}


def _buttons(part: Part) -> tuple[list[PartButton], list[PartButton]]:
    """Those that stay, and those that vanish after a tap."""
    buttons = [one for row in part.rows for one in row]
    return buttons[: part.staying], buttons[part.staying :]


def _template(kind: str, **content: object) -> Json:
    return {"attachment": {"type": "template", "payload": {"template_type": kind, **content}}}


def _card(card: PartCard) -> Json:
    below = {"subtitle": card.subtitle} if card.subtitle else {}
    buttons = {"buttons": [_button(one) for one in card.buttons]} if card.buttons else {}
    return {"title": card.title, **below, **buttons}


def _button(button: PartButton) -> Json:
    if button.url:
        return {"type": "web_url", "title": button.label, "url": button.url}
    return {"type": "postback", "title": button.label, "payload": button.payload}
