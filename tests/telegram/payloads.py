"""Raw updates as the real server writes them (facts/channels.md §2). Never sent by the fake."""

from datetime import UTC, datetime
from typing import Any

ACCOUNT = "telegram:7001"
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SENT = 1795312800  # 2026-11-22 02:00 UTC
SENDER = {"id": 77, "is_bot": False, "first_name": "សុខា", "language_code": "km"}
CHAT = {"id": 77, "type": "private", "first_name": "សុខា"}


def message(**content: object) -> dict[str, Any]:
    body = {"message_id": 5, "from": SENDER, "chat": CHAT, "date": SENT, **content}
    return {"update_id": 900, "message": body}


def membership(status: str) -> dict[str, Any]:
    me = {"id": 7001, "is_bot": True, "first_name": "ស្ពាន"}
    body = {"chat": CHAT, "from": SENDER, "date": SENT, "new_chat_member": {"user": me, "status": status}}
    return {"update_id": 900, "my_chat_member": body}


def tap(**changes: object) -> dict[str, Any]:
    asked = {"message_id": 4, "chat": CHAT, "date": SENT - 60, "text": "ហាត់?"}
    body = {"id": "4001", "from": SENDER, "chat_instance": "1", "data": "7:yes", "message": asked}
    return {"update_id": 900, "callback_query": body | changes}


def file(**more: object) -> dict[str, Any]:
    return {"file_id": "AwAC", "file_unique_id": "x", "file_size": 900, **more}
