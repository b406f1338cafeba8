"""Self-describing folders of weights and training state, written atomically.

In: a Model and the loop's state. Out: a folder that is whole or not there.
"""
