"""Where logs go: standard error, readable on a terminal, JSON for a machine.

Never standard output, which carries results.
"""

import logging
import sys

import structlog

from bot.runner import faults


def write_logs(level: int = logging.WARNING) -> None:
    """Set up logging for this process; libraries' warnings take the same way."""
    watched = sys.stderr.isatty()
    last: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if watched else structlog.processors.JSONRenderer()
    )
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[faults.count, *shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    bridge = structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        foreign_pre_chain=[faults.count_foreign, *shared],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(bridge)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
