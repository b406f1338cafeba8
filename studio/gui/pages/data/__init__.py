"""The Data page: the table, its check-up, its parts, and how the file was read.

In: the session. Out: one page, and its pieces beside it.
"""
