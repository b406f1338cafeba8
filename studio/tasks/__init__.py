"""One file per task: which columns it needs, how a row becomes an Example, and what is learned of it.

In: a row of a Dataset. Out: an Example.
"""
