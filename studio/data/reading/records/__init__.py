"""Files whose values have names: JSON, JSON Lines, Parquet, Arrow; and the structures of the field in them.

In: such a file. Out: flat columns, conversations and pairs recognised by their structure.
"""
