"""Settings: `bot.toml` overridden by the environment becomes one frozen object.

Never known to the core.
"""

from bot.config.reading import BadSettings, Problem, load
from bot.config.settings import CentreSection, Settings, TelegramSection
from bot.config.showing import shown

__all__ = [
    "BadSettings",
    "CentreSection",
    "PrivacySection",
    "Problem",
    "Settings",
    "TelegramSection",
    "load",
    "shown",
]
