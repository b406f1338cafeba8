"""A linear classifier of many labels that can be stopped while it learns.

In: texts as rows of a sparse matrix, and a code for each. Out: a Linear, or nothing after a stop. For every label it
learns to tell its rows from all others, by logistic regression with stochastic gradient descent (scikit-learn), one
label after the other on two threads; what it learns is the same as by scikit-learn's own classifier of many labels,
which cannot be stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EPOCHS = 3
_THREADS = 2


@dataclass(frozen=True)
class Linear:
    """`codes` are those that it knows, ascending; `weights` has a column for each, but of two codes only one for the
    second, and so has `intercepts`."""

    codes: NDArray[np.int64]
    weights: NDArray[np.floating[Any]]
    intercepts: NDArray[np.floating[Any]]

    def likely(self, matrix: Any) -> NDArray[np.floating[Any]]:
        """How likely each code is for each row of the matrix, 0..1; the codes of a row add up to 1."""
        import numpy as np
        from scipy.special import expit

        shares: NDArray[np.floating[Any]] = expit(matrix @ self.weights + self.intercepts)
        if len(self.codes) == 2:
            return np.hstack([1 - shares, shares])
        total = shares.sum(axis=1, keepdims=True)
        even = np.full_like(shares, 1 / len(self.codes))
        likely: NDArray[np.floating[Any]] = np.divide(shares, total, out=even, where=total > 0)
        return likely


def learn(matrix: Any, codes: NDArray[np.int64], should_stop: Callable[[], bool]) -> Linear | None:
    """Learn the codes (at least two different ones) of the matrix's rows; None where it was stopped."""
    import numpy as np
    from sklearn import config_context
    from sklearn.linear_model import SGDClassifier

    known = np.unique(codes)
    seeds = np.random.RandomState(0).randint(np.iinfo(np.int32).max, size=len(known))
    tasks = [(known[1], 0)] if len(known) == 2 else list(zip(known, seeds.tolist(), strict=True))

    def weigh(task: tuple[np.int64, int]) -> Any:
        code, seed = task
        if should_stop():
            return None
        model = SGDClassifier(loss="log_loss", alpha=0.1 / len(codes), max_iter=EPOCHS, tol=None, random_state=seed)
        with config_context(assume_finite=True):
            return model.fit(matrix, codes == code)

    with ThreadPoolExecutor(_THREADS) as pool:
        models = list(pool.map(weigh, tasks))
    if should_stop() or None in models:
        return None
    return Linear(
        known,
        np.concatenate([model.coef_ for model in models]).T,
        np.concatenate([model.intercept_ for model in models]),
    )
