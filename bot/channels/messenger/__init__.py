"""Facebook Messenger: one Page as a Channel, over our own HTTP.

Never decides what is said and never calls anything but `graph_base` and the media hosts that it names.
"""
