"""Any file to a Table, and a Table to a Dataset.

In: a file as people have it. Out: a snapshot with every cell as text, what was set aside and why (`reading`, `table`),
what its columns are for (`roles`), what stands in the way (`checkup`), and rows split into training, watching and test
(`parts`).
"""
