"""Batch -> Event: the loop.

In: a Model, encoded rows and a Config. Out: a stream of events, and checkpoints.
"""
