"""The typed description of a run: every choice, once.

In: values from a form, `--set` flags or a run file. Out: a frozen Config. `None` means automatic: automatic.py
gives the value and the reason.
"""

from __future__ import annotations

from typing import Literal

from studio.config.goals import GOALS, TaskKind
from studio.config.pairing import Pairing
from studio.config.setting import Settings, setting
from studio.config.sizes import Family, SizeName, sizes

SCHEMA_VERSION = 1
MOST_TOKENS = 8192  # of a row
_COMPARING = tuple(kind for kind, goal in GOALS.items() if goal.compares)
_WRITING = tuple(kind for kind, goal in GOALS.items() if goal.writes and kind != "pretrain")


Several = Literal["one", ";", ",", "|", "、", "\n", "[]"]
Preset = Literal["quick", "balanced", "thorough"]
Method = Literal["full", "lora"]
Precision = Literal["fp32", "bf16"]
Approach = Literal["contrastive", "direct", "frozen"]


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


class TaskConfig(Settings):
    """What the model should learn."""

    kind: TaskKind = setting(
        "classify",
        "Goal",
        "What the model should learn to do.",
        level="hidden",
        choices=tuple((kind, goal.title) for kind, goal in GOALS.items()),
    )
    instruction: str = setting(
        "",
        "Instruction",
        "A standing instruction that the model reads before every message.",
        level="basic",
        shown_for=("answer", "read", "prefer"),
    )
    reading: str = setting(
        "Text: {text}\n\nQuestion: {question}",
        "How text and question are put together",
        "What the model reads, with {text} and {question} where they go.",
        level="basic",
        shown_for=("read",),
        max_length=2000,
    )
    no_answer: str = setting(
        "The text does not say.",
        "Where the text holds no answer",
        "What the model learns to say to a question whose answer is empty in your table.",
        level="basic",
        shown_for=("read",),
        min_length=1,
        max_length=200,
    )
    chat_template: str = setting(
        "",
        "Chat template",
        "How a conversation is written for the model: the name of a template, or its text; empty for the model's own.",
        level="hidden",
        shown_for=("answer", "read", "prefer"),
        max_length=40_000,
    )
    beta: float | None = setting(
        None,
        "Caution (beta)",
        "How strongly it stays near the untouched model; higher changes less.",
        gt=0,
        le=100,
        shown_for=_COMPARING,
    )
    length_normalised: bool = setting(
        False,
        "Compare by the token",
        "Answers count by the token, so that length brings nothing (pairs only).",
        shown_for=_COMPARING,
    )
    sft_weight: float = setting(
        0.0,
        "Also learn the better answers",
        "How much the better answer's own wording counts beside the comparison (pairs only).",
        ge=0,
        le=10,
        shown_for=_COMPARING,
    )
    learn_label_names: bool | None = setting(
        None,
        "Learn from the labels' names",
        "Reads the name of each label as one more text of it; a name that is a number or a code is left out.",
        shown_for=("classify",),
    )
    several: Several | None = setting(
        None,
        "Several labels",
        "Whether a text can have several labels at once, and what stands between them in a cell.",
        level="basic",
        shown_for=("classify",),
        choices=(
            ("one", "One label a text"),
            (";", "Several, with “;” between them"),
            (",", "Several, with “,” between them"),
            ("|", "Several, with “|” between them"),
            ("、", "Several, with “、” between them"),
            ("\n", "Several, one a line"),
            ("[]", "Several, as a list or in columns of their own"),
        ),
    )
    unsure_below: float | None = setting(
        None,
        "Unsure below",
        "An answer that is less certain than this counts as none of the labels; 0 lets every answer count.",
        ge=0,
        lt=1,
        shown_for=("classify",),
    )
    class_weights: bool = setting(
        False,
        "Weigh rare labels more",
        "Counts each label the same in total, however many rows it has.",
        shown_for=("classify",),
    )
    pairing: Pairing | None = setting(
        None,
        "What a row tells",
        "Whether each passage is the right one, a candidate marked right or wrong, or compared by a number.",
        level="basic",
        shown_for=("search",),
        choices=(
            ("passages", "A passage that fits"),
            ("candidates", "A candidate, right (1) or wrong (0)"),
            ("scores", "A number: how alike two texts are"),
        ),
    )
    query_prefix: str | None = setting(
        None,
        "Words before each query",
        "Some models were made to be told what they read; others take it for part of the text.",
        shown_for=("search",),
    )
    passage_prefix: str | None = setting(
        None,
        "Words before each passage",
        "As above, for the passages that are searched.",
        shown_for=("search",),
    )
    no_answer_bar: float | None = setting(
        None,
        "Bar for “no answer”",
        "How far “no answer” has to be ahead of the best place in the text before it is given.",
        shown_for=("find",),
        ge=-100,
        le=100,
    )
    max_tokens: int | None = setting(
        None,
        "Length limit",
        "Longer texts are cut here; you are told how many.",
        unit="tokens",
        level="basic",
        ge=8,
        le=MOST_TOKENS,
    )
    windows: bool | None = setting(
        None,
        "Read long texts in parts",
        "A text beyond the length limit is read part by part, and what the parts say is averaged.",
        shown_for=("classify", "rate"),
    )
    number_mean: float | None = setting(
        None, "Middle of the numbers", "The number from which the model counts up and down.", level="hidden"
    )
    number_spread: float | None = setting(
        None, "Spread of the numbers", "How far the numbers usually lie from their middle.", level="hidden", gt=0
    )

    @property
    def has_several(self) -> bool:
        """Whether a text can have several labels at once; it is settled with the other automatic values."""
        return self.several not in (None, "one")

    @property
    def score_name(self) -> str:
        """What a look at the watching rows measures beside the error."""
        if self.pairing == "scores":
            return "agreement in order"
        return "labels right (F1)" if GOALS[self.kind].has_labels and self.has_several else GOALS[self.kind].score_name


class ModelConfig(Settings):
    """Which model to start from and which of its weights to train."""

    base: str = setting(
        "",
        "Start from",
        "A starter's name, a model folder, or empty for the fitting starter.",
        level="hidden",
    )
    method: Method | None = setting(
        None,
        "What is trained",
        "All layers, or small added weights (an adapter, LoRA).",
        choices=(("full", "All layers"), ("lora", "An adapter (LoRA)")),
    )
    family: Family = setting(
        "gpt2",
        "Form",
        "How the layers are built: as in GPT-2, or as in Llama.",
        level="basic",
        shown_for=("pretrain",),
        choices=(("gpt2", "GPT-2"), ("llama", "Llama")),
    )
    size: SizeName | None = setting(
        None,
        "Size",
        "How many layers and how wide; larger learns more and takes longer.",
        level="basic",
        shown_for=("pretrain",),
        choices=tuple((size.name, size.words) for size in sizes()),
    )
    units: Literal["pieces", "characters"] | None = setting(
        None,
        "Tokens",
        "What the texts are cut into: pieces of words that come often, or single characters.",
        level="basic",
        shown_for=("pretrain",),
        choices=(("pieces", "Pieces of words"), ("characters", "Characters")),
    )
    vocabulary: int | None = setting(
        None,
        "Different tokens",
        "How many pieces of words it knows; the rarest ones are put together from smaller ones.",
        unit="tokens",
        ge=0,
        le=200_000,
        shown_for=("pretrain",),
    )
    train_word_vectors: bool | None = setting(
        None,
        "Learn word vectors",
        "Whether the table that holds one vector for each word learns as well.",
        shown_for=("classify",),
    )
    learning_layers: Literal["all", "upper"] | None = setting(
        None,
        "Layers that learn",
        "All of them, or the upper half alone: then the lower ones keep what they know of language.",
        choices=(("all", "All layers"), ("upper", "The upper half")),
        shown_for=("classify",),
    )
    lora_rank: int = setting(
        16, "Adapter size (rank)", "How much the adapter can learn.", ge=1, le=256, shown_for=_WRITING
    )
    lora_alpha: int = setting(
        32,
        "Adapter strength (alpha)",
        "How strongly the adapter acts: it is scaled by alpha / rank.",
        ge=1,
        le=512,
        shown_for=_WRITING,
    )
    lora_dropout: float = setting(
        0.0,
        "Adapter dropout",
        "Share of the adapter's input left out at random.",
        ge=0,
        lt=1,
        shown_for=_WRITING,
    )


class TrainingConfig(Settings):
    """How it learns."""

    preset: Preset = setting(
        "balanced",
        "Preset",
        "How long to train.",
        level="basic",
        choices=(("quick", "Quick try"), ("balanced", "Balanced"), ("thorough", "Thorough")),
    )
    approach: Approach | None = setting(
        None,
        "How it learns labels",
        "From pairs of texts that have the same label or not, then the last layer; all layers from each text by "
        "itself; or the last layer alone, on the model as it came.",
        choices=(("contrastive", "From pairs first"), ("direct", "Each text by itself"), ("frozen", "Last layer only")),
        shown_for=("classify",),
    )
    epochs: float | None = setting(
        None, "Rounds", "How often each training row is read.", unit="rounds", level="basic", gt=0, le=100
    )
    learning_rate: float | None = setting(
        None,
        "Learning rate",
        "Size of each correction: too large forgets, too small barely learns.",
        level="basic",
        gt=0,
        le=1,
    )
    head_learning_rate: float | None = setting(
        None,
        "Learning rate of the new head",
        "The part that names the labels is new and may learn faster than the rest.",
        gt=0,
        le=1,
        shown_for=("classify",),
    )
    agreement: float | None = setting(
        None,
        "Agreement under dropout",
        "Each text is read twice, with other parts of the model left out by chance, and both answers are to agree "
        "(R-Drop); 0 reads it once.",
        ge=0,
        le=100,
        shown_for=("classify",),
    )
    kept_change: float | None = setting(
        None,
        "Share of the change kept",
        "At the end the model is set back part of the way to how it came, which often does better on new texts; 1 "
        "keeps all that was learned.",
        gt=0,
        le=1,
        shown_for=("classify",),
    )
    rows_per_step: int | None = setting(
        None,
        "Rows a step",
        "How many rows are read before each correction.",
        unit="rows",
        level="basic",
        ge=1,
        le=4096,
    )
    similarity_scale: float = setting(
        20.0,
        "Sharpness of the comparison",
        "How much a small difference between two passages counts; higher looks at the closest rivals alone.",
        gt=0,
        le=200,
        shown_for=("search",),
    )
    both_ways: bool = setting(
        False,
        "Compare both ways",
        "Each passage has to find its query as well, beside each query its passage.",
        shown_for=("search",),
    )
    max_steps: int | None = setting(None, "Step limit", "Stop after this many corrections.", unit="steps", ge=1)
    warmup_share: float = setting(0.06, "Warm-up", "Share of the steps over which the learning rate rises.", ge=0, lt=1)
    weight_decay: float = setting(0.01, "Weight decay", "Pulls weights gently towards zero.", ge=0, le=1)
    clip_norm: float = setting(1.0, "Correction limit", "Longest gradient that is applied (clipping).", gt=0)
    validations: int | None = setting(
        None,
        "Looks at the watching rows",
        "How often progress is measured during the run.",
        unit="times",
        ge=1,
        le=1000,
    )
    patience: int = setting(
        4,
        "Patience",
        "Stop early after this many looks without a better one; 0 never stops early.",
        unit="looks",
        ge=0,
    )
    precision: Precision | None = setting(
        None,
        "Number format",
        "16-bit numbers are used only where a trial run shows that they are faster.",
        choices=(("fp32", "32-bit"), ("bf16", "16-bit (bfloat16)")),
    )
    token_budget: int | None = setting(
        None,
        "Tokens at once",
        "How many tokens are computed together; lower needs less memory, same result.",
        unit="tokens",
        ge=8,
    )
    gradient_checkpointing: bool | None = setting(
        None, "Save memory by computing twice", "Slower, with less memory; on only when memory is short."
    )
    seed: int = setting(0, "Seed", "The same seed, settings and rows give the same model again.", ge=0, lt=2**31)

    @property
    def readings(self) -> int:
        """How often each row of a step is read; from pairs of texts there is no answer to agree on."""
        return 2 if self.agreement and self.approach in (None, "direct") else 1


class GenerationConfig(Settings):
    """How answers are written when trying the model."""

    temperature: float = setting(
        0.7, "Freedom", "0 always takes the likeliest word; higher varies more.", level="basic", ge=0, le=5
    )
    top_p: float = setting(
        0.9, "Likeliest share (top-p)", "Choose only among the likeliest words up to this share.", gt=0, le=1
    )
    top_k: int = setting(50, "Likeliest count (top-k)", "Choose only among this many words; 0 = no limit.", ge=0)
    repetition_penalty: float = setting(
        1.1, "Against repetition", "Above 1, words already used become less likely.", ge=1, le=2
    )
    passages: int = setting(
        3,
        "Passages found",
        "How many of the closest passages a search shows.",
        level="basic",
        ge=1,
        le=100,
        shown_for=("search",),
    )
    max_new_tokens: int = setting(
        200,
        "Longest answer",
        "The answer ends here at the latest.",
        unit="tokens",
        level="basic",
        ge=1,
        le=8192,
    )
    seed: int | None = setting(
        0, "Dice", "The same number gives the same answer again; empty rolls anew.", ge=0, lt=2**31
    )


class Config(Settings):
    """Everything that a run depends on."""

    data: DataConfig = DataConfig()
    task: TaskConfig = TaskConfig()
    model: ModelConfig = ModelConfig()
    training: TrainingConfig = TrainingConfig()
    generation: GenerationConfig = GenerationConfig()
