"""The table as imported, with its edits: cells by page, sorted, searched, summed up, written.

In: a snapshot's folder. Out: a Table, its rows, and the log of what was changed.
"""
