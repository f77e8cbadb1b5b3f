"""`python -m bot`: the same as the command `spean`.

Never does anything itself.
"""

from bot.cli.app import main

if __name__ == "__main__":
    main()
