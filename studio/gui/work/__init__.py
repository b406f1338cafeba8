"""The long work of the window, as generators that a Job runs on its thread, one file a station.

In: what the session holds. Out: the flow's events, then one record of what came of it. Knows nothing of Qt,
threads or pages; everything heavy is imported here, on the thread, when it is needed.
"""
