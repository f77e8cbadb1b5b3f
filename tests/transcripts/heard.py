"""One message as lines of a transcript; and whether its channel can show it at all.

Never fetches a message (`player` does).
"""

import re

from bot.core.channel import Capabilities, Part, PartButton
from bot.runner.hiding import CHAT
from tests.transcripts.script import said

RECEIPT = re.compile(r"\b\d{4}-\d{4}\b")  # of an erasure: made with a key that every store has of its own


def lines(part: Part, who: str, document: str) -> list[str]:
    """`document`: what is in the file that comes with it."""
    staying = part.buttons[: part.staying]
    rows = [" ".join(_button(one, stays=one in staying) for one in row) for row in part.rows]
    if part.request:
        rows.insert(0, f"[☎ {part.request_label}]")
    if part.point is not None:
        rows.insert(0, f"📍 {part.point.latitude}, {part.point.longitude} {part.point.title}")
    if part.document is not None and part.document.mime.startswith("image/") and part.document.content:
        rows.insert(0, "🖼")
    elif part.document is not None and part.document.path:
        rows.insert(0, f"🔊 {part.document.name.removesuffix('.ogg')}")
    elif part.document is not None:
        rows.insert(0, f"📎 {part.document.name}: {document}")
    sign = "🧑‍💼»" if who == "staff" else "🤖✎" if part.replaces else "🤖"
    if part.hides:
        sign = f"{sign}🧹" if part.hides == CHAT else f"{sign}✂"
    return said(sign, RECEIPT.sub("1234-5678", part.text), rows)


def _button(one: PartButton, *, stays: bool) -> str:
    """What opens a page names it."""
    label = f"{one.label} ↗ {one.url}" if one.url else one.label
    return f"⟦{label}⟧" if stays else f"[{label}]"


def check(part: Part, capabilities: Capabilities) -> None:
    """Every number of the channel is kept."""
    shown = part.buttons
    quick = len(shown) - part.staying + bool(part.request) if part.quick else 0
    assert len(part.text) <= (capabilities.template_text if part.staying else capabilities.text_max)
    assert len(shown) <= (capabilities.inline_buttons or capabilities.quick_replies)
    assert quick <= capabilities.quick_replies
    assert part.staying <= capabilities.template_buttons
    assert all(0 < len(one.label) <= capabilities.label_hard for one in shown)
    assert all(len(one.payload.encode()) <= capabilities.payload_max_bytes for one in shown)
    assert capabilities.edit_message or not part.replaces
    assert capabilities.pins or part.point is None
    assert capabilities.inline_buttons or not any(one.url for one in shown[part.staying :])
