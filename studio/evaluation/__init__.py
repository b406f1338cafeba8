"""A checkpoint to scores with their uncertainty, simpler ways beside them, and a verdict in words.

In: held-out rows. Out: a Report.
"""
