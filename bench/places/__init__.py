"""Noisy names of places, and who finds the place that was meant.

Never part of the product, and never tuned on the seed that is reported.
"""
