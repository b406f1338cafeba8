"""The Goal page: what shall be learned from which columns, and what the model sees.

In: the session. Out: one page, and its pieces beside it.
"""
