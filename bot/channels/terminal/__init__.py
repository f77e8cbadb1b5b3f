"""The terminal as a place to talk with the bot: for `spean chat` and for tests.

Never reachable from a network.
"""
