"""Webhook bodies as the platform writes them (facts/channels.md §3.1). Never sent by the fake."""

from datetime import UTC, datetime
from typing import Any

PAGE = "100700100700100"
ACCOUNT = f"messenger:{PAGE}"
PSID = "7001700170017001"
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SENT = 1795312800_000  # 2026-11-22 02:00 UTC, in milliseconds
MID = "m_AbC-dEf_123"
CDN = "https://scontent.xx.fbcdn.net/v/t1/5_n.mp4?_nc_ohc=a&oe=6A0B1C2D"


def item(at: int = SENT, **content: object) -> dict[str, Any]:
    return {"sender": {"id": PSID}, "recipient": {"id": PAGE}, "timestamp": at, **content}


def of_page(**content: object) -> dict[str, Any]:
    return {"sender": {"id": PAGE}, "recipient": {"id": PSID}, "timestamp": SENT, **content}


def body(*items: dict[str, Any], standby: bool = False, page: str = PAGE) -> dict[str, Any]:
    """One entry for each item."""
    kind = "standby" if standby else "messaging"
    entries = [{"id": page, "time": SENT + 5, kind: [one]} for one in items]
    return {"object": "page", "entry": entries}


def message(**content: object) -> dict[str, Any]:
    return body(item(message={"mid": MID, **content}))


def attached(kind: str, **payload: object) -> dict[str, Any]:
    return {"type": kind, "payload": payload}


def ruled(event: object, **changes: object) -> dict[str, Any]:
    value = {
        "event": event,
        "message_template_id": 600,
        "message_template_name": "fair_reminder_v1",
        "message_template_language": "km",
        "reason": None,
    }
    change = {"field": "message_template_status_update", "value": value | changes}
    return {"object": "page", "entry": [{"id": PAGE, "time": SENT, "changes": [change]}]}
