"""The window: the only place that knows Qt.

In: the flow. Out: pages on which a person follows it.
"""
