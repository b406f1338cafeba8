"""What the user chose.

In: choices from a form, flags or a run file. Out: one frozen, checked Config that everything else reads.
"""
