"""A blind sample of matches for people to judge, and how precise the matches are by their verdicts."""

import math
from collections.abc import Sequence
from hashlib import sha256

import pandas as pd

from sources.week import Week

VERDICTS = ("fits", "does_not_fit", "unsure")
SAMPLE = 20  # matches a week: an hour's reading
_Z = 1.959964  # 97.5th percentile of the normal distribution: intervals of 95 %


def sample(matches: pd.DataFrame, week: Week, size: int = SAMPLE) -> list[tuple[str, str]]:
    """Request and offer of matches drawn at random from all that nothing blocks, each pair as likely as any other.

    matches: rows of `Match`.
    The order of their digests is a draw that every machine repeats; neither score nor rank shows through it.
    """
    free = matches[matches["blocked_by"].isna()]
    pairs = sorted(set(zip(free["request_id"], free["offer_id"], strict=True)))
    return sorted(pairs, key=lambda pair: sha256("\n".join((str(week), *pair)).encode()).digest())[:size]


def wilson(right: int, judged: int) -> tuple[float, float]:
    """The interval of 95 % for a share; raises ValueError without a verdict.

    Source: Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22, 209-212.
    """
    if judged <= 0:
        raise ValueError("an interval needs at least one verdict")
    share, square = right / judged, _Z * _Z
    middle = share + square / (2 * judged)
    spread = _Z * math.sqrt(share * (1 - share) / judged + square / (4 * judged * judged))
    scale = 1 + square / judged
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def precision(verdicts: Sequence[str]) -> tuple[int, int]:
    """How many fit, of those somebody could judge."""
    return verdicts.count("fits"), verdicts.count("fits") + verdicts.count("does_not_fit")
