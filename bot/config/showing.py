"""Settings as plain values that can be shown or written back to TOML, every secret as `***`.

Never a secret, not even its length.
"""

import re
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, SecretStr

from bot.config.settings import Settings
from bot.core import duration

HIDDEN = "***"


def shown(settings: Settings) -> dict[str, Any]:
    """Sections and their keys; what is not set is left out."""
    return {name: _plain(getattr(settings, name)) for name in Settings.model_fields}


def _plain(value: object) -> Any:  # noqa: ANN401 (whatever TOML can hold: one case a type)
    match value:
        case SecretStr():
            return HIDDEN
        case BaseModel():
            pairs = ((name, getattr(value, name)) for name in type(value).model_fields)
            return {name: _plain(inner) for name, inner in pairs if inner is not None}
        case (time() as start, time() as end):
            return f"{start:%H:%M}-{end:%H:%M}"
        case tuple():
            return [_plain(inner) for inner in value]
        case timedelta():
            return duration.show(value)
        case ZoneInfo():
            return value.key
        case Path():
            return str(value)
        case str():
            return re.sub(r"(?<=://)([^:/@]*):[^@]*(?=@)", rf"\1:{HIDDEN}", value)
        case _:
            return value
