"""An answer other than success: a status and the message id that the page shows.

Never carries words of a person, nor what the server knows about the failure.
"""

from aiohttp import web


class Problem(Exception):  # noqa: N818 — it is an answer, not a fault
    """Ends a request. `retry_after`: seconds, for 429 and 503."""

    def __init__(self, status: int, message_id: str, retry_after: float = 0) -> None:
        super().__init__(f"{status} {message_id}")
        self.status = status
        self.message_id = message_id
        self.retry_after = retry_after

    def response(self) -> web.Response:
        """JSON `{"error": message id}`."""
        answer = web.json_response({"error": self.message_id}, status=self.status)
        if self.retry_after:
            answer.headers["Retry-After"] = str(max(1, round(self.retry_after)))
        return answer
