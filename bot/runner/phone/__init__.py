"""What staff on duty do from a phone: announcements, fairs, and the day of a fair.

Never decides who may (the store's Scope does) and never tells a stranger that there is such a room.
"""
