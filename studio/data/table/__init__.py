"""The table as imported, with its edits: cells by page, sorted, searched, summed up, written; and its snapshots.

In: a snapshot's folder. Out: a Table, its rows, the log of what was changed, and how much of that can be made again.
"""
