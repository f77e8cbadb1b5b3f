"""A fair for a whole province: planned, and its letters made ready for everybody who wants to hear of it.

Never sends them.
"""
