"""The classifier that can be stopped against scikit-learn's own, which cannot."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import SGDClassifier

from studio.data.checkup.linear import EPOCHS, learn


@pytest.mark.parametrize("labels", [2, 7])
def test_it_learns_what_the_whole_classifier_learns(labels: int) -> None:
    random = np.random.default_rng(3)
    codes = random.integers(0, labels, 300) * 2  # some codes are not there
    matrix = sparse.random(300, 80, 0.1, format="csr", random_state=4, dtype=np.float32)
    matrix = sparse.csr_matrix(matrix + sparse.csr_matrix((np.full(300, 0.3), (np.arange(300), codes)), (300, 80)))
    whole = SGDClassifier(loss="log_loss", alpha=0.1 / 300, max_iter=EPOCHS, tol=None, random_state=0)
    whole.fit(matrix, codes)
    mine = learn(matrix, codes, lambda: False)
    assert mine is not None
    assert mine.codes.tolist() == whole.classes_.tolist()
    assert np.array_equal(mine.weights.T, whole.coef_)
    assert np.allclose(mine.likely(matrix), whole.predict_proba(matrix), atol=1e-9)


def test_it_stops_between_two_labels() -> None:
    codes = np.arange(200) % 50
    matrix = sparse.csr_matrix((np.ones(200, np.float32), (np.arange(200), codes)), (200, 50))
    asked = iter([False] * 3)
    assert learn(matrix, codes, lambda: next(asked, True)) is None
