"""Text to numbers: Example -> Encoded(ids, learned), and Encoded -> Batch.

In: an Example. Out: token ids with a mask of what is learned; batches of similar length.
"""
