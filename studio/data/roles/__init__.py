"""What a table is good for: which goal, which column is read and which is learned.

In: a Table. Out: a Guess with its reason; the Columns chosen, and the texts that a model reads of them.
"""
