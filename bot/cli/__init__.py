"""The `spean` command: one module for each family of commands.

Never holds a rule of the bot: it opens, calls and shows.
"""
