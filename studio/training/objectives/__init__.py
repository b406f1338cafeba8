"""One file per objective: what a head is trained to make small.

In: a Model and Batches. Out: summed errors with their gradients.
"""
