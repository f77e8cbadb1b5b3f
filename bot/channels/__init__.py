"""The channels: one folder per platform; each translates and none decides.

Never touches the store.
"""
