"""The pages, one per station of the flow.

In: a Session. Out: a widget.
"""
