"""The search over the answers known by heart, beside three others on the same texts.

Never part of the product.
"""
