"""Any file to a Table, and a Table to a Dataset.

In: a file as people have it. Out: a snapshot with every cell as text, what was set aside and why, column roles,
and rows split into training, watching and test.
"""
