"""What the network reaches: public pages, web chat, webhooks, and the internal listener.

Never decides what the bot says and never opens the store.
"""
