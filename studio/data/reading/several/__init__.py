"""Several files as one table: folders, labelled folders, data sets by the name of their parts.

In: a folder or a list of files. Out: one Source, with each row's part.
"""
