"""What can go wrong on purpose: answers of an angry server, and connections that die at every moment.

Never chooses by chance: a fault hits the next calls that match it, as often as asked.
"""

from dataclasses import dataclass
from typing import Any, Literal

# status: answered instead of carried out · lost: carried out, never answered · hang: neither
# cut: carried out, then closed · shut: closed at once · nonsense: carried out, answered with HTML
Kind = Literal["status", "lost", "hang", "cut", "shut", "nonsense"]

DESCRIPTIONS = {
    400: "Bad Request: PEER_FLOOD",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request",
    413: "Request Entity Too Large",
    429: "Too Many Requests: retry after {retry_after}",
    500: "Internal Server Error",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


class ApiError(Exception):
    """An answer `{"ok": false}`."""

    def __init__(self, status: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        return answer if self.parameters is None else {**answer, "parameters": self.parameters}


@dataclass(slots=True)
class Fault:
    """Hits `times` calls of `method` ("*": any), of one `chat` if given. `html`: a gateway's page."""

    kind: Kind = "status"
    method: str = "*"
    chat: int | None = None
    times: int = 1
    status: int = 500
    description: str = ""
    retry_after: float = 0
    html: bool = False

    def hits(self, method: str, params: dict[str, Any]) -> bool:
        chat = params.get("chat_id")
        return (
            self.times > 0
            and self.method in ("*", method)
            and (self.chat is None or str(self.chat) == str(chat))
        )

    def error(self) -> ApiError:
        said = self.description or DESCRIPTIONS.get(self.status, "Error").format(retry_after=self.retry_after)
        return ApiError(self.status, said, {"retry_after": self.retry_after} if self.retry_after else None)
