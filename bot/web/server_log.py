"""The HTTP server's own log lines, cut down to the kind of what went wrong.

Never lets through a request's bytes, a network address or the message of an exception.
"""

import logging


class KindOnly(logging.Filter):
    """aiohttp quotes what it cannot parse, and whose it was."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite a line; none is dropped."""
        kind = record.exc_info[0] if record.exc_info else None
        record.msg, record.args = "request not served: %s", (kind.__name__ if kind else "no exception",)
        record.exc_info = record.exc_text = None
        return True


LOGGER = logging.getLogger(__name__)
LOGGER.addFilter(KindOnly())
