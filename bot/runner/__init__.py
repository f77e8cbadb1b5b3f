"""The runner: one event in one transaction, and everything that leaves through the outbox.

Never decides what is said (`core`) and never speaks a platform's language (`channels`).
"""
