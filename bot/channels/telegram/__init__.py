"""Telegram: one bot token as a Channel, over our own HTTP.

Never decides what is said and never calls anything but `api_base`.
"""
