"""Benchmarks: what a step of the intake costs, beside a stock python-telegram-bot bot.

Never part of the product, and never writes into the repository.
"""
