"""The peer: the same kind of intake as a stock python-telegram-bot ConversationHandler bot.

Never part of the product, and never tuned down: its defaults are its own.
"""
