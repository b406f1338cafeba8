"""Which rows are learned, which watch, and which test.

In: a Table and its Columns. Out: a Dataset, and what should be known before training on it.
"""
