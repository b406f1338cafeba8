"""Spreadsheets, opened in a process of their own.

In: a workbook. Out: the cells of one sheet as rows of text.
"""
