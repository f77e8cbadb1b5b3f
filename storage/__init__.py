"""The durable store: tables, sealing, migrations, and one file of plain functions per noun.

Never talks to the network and never decides what is said.
"""
