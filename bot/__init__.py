"""Spean: a chat bot for Cambodian workers who came back from Thailand.

Never imported for anything but its rooms.
"""
