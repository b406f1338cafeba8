"""A checkpoint to something others can open, and the proof that it does.

In: a run. Out: a folder that plain transformers or peft opens, and Verified.
"""
