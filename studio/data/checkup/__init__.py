"""What stands in the way of learning, found in the rows themselves; one file per group of checks.

In: a Table and what its columns are for. Out: Findings, each with its rows, what follows from it, and how it is mended.
"""
