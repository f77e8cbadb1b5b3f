"""Settings of the property tests: the same examples everywhere, and no clock on shared machines."""

from hypothesis import settings

settings.register_profile("core", deadline=None, derandomize=True, database=None)
settings.load_profile("core")
