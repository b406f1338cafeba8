"""A run is a folder; a project is a folder of runs.

In: the events of a run. Out: their record, and History replayed from it.
"""
