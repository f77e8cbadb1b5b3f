"""What Graph answers when it refuses, and what can go wrong on purpose.

Never chooses by chance: a fault hits the next calls or webhooks that match it, as often as asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

# of a call: status: answered instead of carried out · lost: carried out, never answered · hang: neither
# cut: carried out, then closed · shut: closed at once · nonsense: carried out, answered with HTML
# of a webhook: duplicate: posted twice though taken · reorder: held back until the next one was posted
Kind = Literal["status", "lost", "hang", "cut", "shut", "nonsense", "duplicate", "reorder"]

# name → HTTP status, code, subcode, words. Codes: facts/channels.md §3.5; the statuses and words of most are
# from memory ([M]): a client must decide by code and subcode.
ERRORS: dict[str, tuple[int, int, int | None, str]] = {
    "window": (403, 10, 2018278, "(#10) This message is sent outside of allowed window."),
    "permission": (403, 10, None, "(#10) Application does not have permission for this action"),
    "restricted": (403, 10, 1893063, "(#10) Your Page is restricted from sending messages"),
    "routed": (403, 10, 2018300, "(#10) Another app is controlling this thread now."),  # [M]
    "unreachable": (403, 10, 2018108, "(#10) This person can't receive messages right now"),
    "blocked": (400, 551, 1545041, "(#551) This person isn't available right now."),
    "stranger": (400, 100, 2018001, "(#100) No matching user found"),
    "expired": (401, 190, 463, "Error validating access token: Session has expired"),
    "removed": (401, 190, 458, "Error validating access token: The user has not authorized application"),
    "password": (401, 190, 460, "Error validating access token: The user changed the password"),
    "token": (401, 190, None, "Invalid OAuth access token - Cannot parse access token"),
    "calls": (400, 613, None, "(#613) Calls to this api have exceeded the rate limit."),
    "app": (400, 4, None, "(#4) Application request limit reached"),
    "account": (400, 80006, None, "(#80006) There have been too many calls to this Messenger account."),
    "policy": (400, 368, None, "(#368) The action attempted has been deemed abusive or is disallowed"),
    "unknown": (500, 1, None, "An unknown error has occurred."),
    "service": (500, 2, None, "An unexpected error has occurred. Please retry your request later."),
    "busy": (503, -1, None, "Send message failure. Internal error."),
    "temporary": (400, 1200, None, "Temporary send message failure. Please try again later."),
}
THROTTLING = frozenset({4, 17, 32, 613, 80006})
_OF_STATUS = {429: "app", 500: "service", 502: "service", 503: "busy", 401: "expired", 403: "permission"}


class GraphError(Exception):
    """An answer `{"error": {…}}`. `headers`: beside the usual ones."""

    def __init__(
        self, status: int, code: int, subcode: int | None, said: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{code}/{subcode}: {said}")
        self.status = status
        self.code = code
        self.subcode = subcode
        self.said = said
        self.headers = dict(headers or {})

    @classmethod
    def named(cls, name: str) -> "GraphError":
        return cls(*ERRORS[name])

    def body(self, trace: str) -> dict[str, Any]:
        kind = "OAuthException" if self.status < 500 else "FacebookApiException"
        told = {"message": self.said, "type": kind, "code": self.code}
        sub = {} if self.subcode is None else {"error_subcode": self.subcode}
        passing = {"is_transient": True} if self.status >= 500 or self.code in THROTTLING else {}
        return {"error": {**told, **sub, **passing, "fbtrace_id": trace}}


class BrokenRuleError(GraphError):
    """A call that should never have been made; the fake remembers it as a violation."""

    def __init__(self, why: str, subcode: int | None = None) -> None:
        super().__init__(400, 100, subcode, f"(#100) {why}")


@dataclass(slots=True)
class Fault:
    """Hits `times` calls of `edge` ("*": any; "cdn": downloads), of one `person` if given.

    `name`: one of ERRORS; else `status` (with `code` and `subcode` if given) is answered. `html`: a
    gateway's page. `headers`: with the answer; throttling carries usage headers anyway.
    """

    kind: Kind = "status"
    edge: str = "*"
    person: str | None = None
    times: int = 1
    name: str = ""
    status: int = 0
    code: int | None = None
    subcode: int | None = None
    html: bool = False
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def of_webhooks(self) -> bool:
        return self.kind in ("duplicate", "reorder")

    def hits(self, edge: str, person: str | None) -> bool:
        return (
            self.times > 0
            and not self.of_webhooks
            and self.edge in ("*", edge)
            and self.person in (None, person)
        )

    def hits_webhook(self, person: str | None) -> bool:
        return self.times > 0 and self.of_webhooks and self.person in (None, person)

    def error(self) -> GraphError:
        status, code, subcode, said = ERRORS[self.name or _OF_STATUS.get(self.status, "service")]
        if self.code is not None:
            code, subcode, said = self.code, self.subcode, f"(#{self.code}) Error"
        return GraphError(self.status or status, code, subcode, said, self.headers)
