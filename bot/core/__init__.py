"""The pure core: what is decided, without waiting, storing, sending or looking at a clock.

Never imports anything above it.
"""
