"""Khmer grammar in Python: one spelling for each word, safe cutting, digits, dates, yes and no.

Never holds a sentence that is said and never asks the outside world for anything.
"""
