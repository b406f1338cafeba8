"""Which rows, which columns, and how they are split: the settings whose path begins with “data.”.

In: values. Out: this part of a Config.
"""

from __future__ import annotations

from studio.config.setting import Settings, setting


class DataConfig(Settings):
    """Which rows, which columns, and how they are split."""

    file: str = setting("", "File", "The table that the model learns from.", level="hidden")
    test_file: str = setting(
        "",
        "Separate test file",
        "Rows kept for judging only; then no rows of the table are set apart for it.",
        level="hidden",
    )
    input: str = setting("", "Text to read", "The column that the model reads.", level="hidden")
    target: str = setting("", "What to learn", "The column with the label or the answer.", level="hidden")
    label_columns: tuple[str, ...] = setting(
        (), "Columns of labels", "Columns that each say of one label whether a row has it.", level="hidden"
    )
    encoding: str | None = setting(
        None, "Encoding", "How the file's bytes stand for letters; found by looking where left open.", level="hidden"
    )
    delimiter: str | None = setting(
        None,
        "Delimiter",
        "The sign between two cells, nothing for a single column; found by looking where left open.",
        level="hidden",
        max_length=1,
    )
    quote: str | None = setting(
        None,
        "Quote",
        "The sign around cells, nothing for none; found by looking where left open.",
        level="hidden",
        max_length=1,
    )
    has_header: bool | None = setting(
        None,
        "Header",
        "Whether the first line names the columns; found by looking where left open.",
        level="hidden",
    )
    skip: int | None = setting(
        None,
        "Lines above the table",
        "How many lines of the file come before the table; found by looking where left open.",
        level="hidden",
        ge=0,
    )
    member: str | None = setting(
        None,
        "Sheet, file or list",
        "The sheet, the file in an archive, or the list that is read; found by looking where left open.",
        level="hidden",
    )
    more_files: tuple[str, ...] = setting(
        (), "More files", "Files whose rows follow those of the first one.", level="hidden"
    )
    template: str = setting(
        "",
        "How the text is put together",
        "The text that the model reads, with {column} where a column's cell goes; empty for the one column alone.",
        level="hidden",
    )
    system: str = setting("", "Standing instruction", "The column with an instruction of each row.", level="hidden")
    earlier: str = setting(
        "", "Earlier turns", "The column with what was said before the message, as JSON.", level="hidden"
    )
    context: str = setting(
        "", "Text with the answer", "The column with the text in which the answer is looked for.", level="hidden"
    )
    start: str = setting(
        "", "Where the answer begins", "The column that counts the characters before the answer.", level="hidden"
    )
    answers: str = setting(
        "", "All right answers", "The column with every answer that counts as right, as JSON.", level="hidden"
    )
    rejected: str = setting("", "Worse answer", "The column with the answer that is worse.", level="hidden")
    negative: str = setting(
        "", "Passage that is not it", "The column with a passage that looks right and is not.", level="hidden"
    )
    score: str = setting(
        "",
        "How well it fits",
        "The column that says how well both texts of a row fit: a number, or good and bad.",
        level="hidden",
    )
    part_column: str = setting(
        "",
        "What each row is for",
        "The column that says which rows are for training, watching and test.",
        level="hidden",
    )
    group: str = setting(
        "", "Kept together", "Rows with the same value in this column never stand in two parts.", level="hidden"
    )
    watching_share: float = setting(
        0.10,
        "Watching rows",
        "Share of the rows on which training looks now and then to see how well it goes; never learned from, at most "
        "500 rows.",
        gt=0,
        le=0.4,
    )
    test_share: float = setting(
        0.10, "Test rows", "Share of the rows that the model never sees until it is judged.", ge=0, le=0.4
    )
