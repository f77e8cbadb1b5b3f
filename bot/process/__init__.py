"""What a serving process is made of, beside the runner and the listeners; `bot.app` puts it together.

Never holds anything of a person.
"""
