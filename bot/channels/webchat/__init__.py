"""The web chat page's channel: parts are pulled by the page.

Never speaks HTTP: `bot.web` does.
"""
