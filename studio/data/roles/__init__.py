"""What a table is good for: which goal, which column is read and which is learned.

In: a Table. Out: a Guess with its reason, and the Columns chosen.
"""
