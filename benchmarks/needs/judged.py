"""How many of a week's matches are right, judged by somebody who reads nothing but the two listings.

    python -m benchmarks.needs.judged sample STORE WEEK 60 > sample.csv     pairs at random, without score or reason
    python -m benchmarks.needs.judged in-turn STORE WEEK 60 > sample.csv    the same, the titles of offers taking turns
    python -m benchmarks.needs.judged measure judged/boards.csv             share of right ones with its interval

On a board most offers bear one of a few titles: at random the rare ones, where a matcher errs, hardly ever come up.

A judge adds `verdict` (right, wrong, unclear: the offer could serve the request or not, by what both say) and `reason`.
An unclear pair counts as wrong.
"""

import random
import sys
from collections.abc import Sequence
from math import sqrt
from pathlib import Path

import pandas as pd

SEED = 2020
NORMAL_95 = 1.96
TOLD = ("title", "text", "category", "quantity", "unit", "city", "region", "country")


def sample(store: Path, week: str, count: int, *, is_in_turn: bool = False) -> pd.DataFrame:
    """Open matches drawn at random: one row a pair, what both listings say, nothing of how they were found."""
    read = {name: pd.read_parquet(store / "tables" / name / f"{week}.parquet") for name in ("matches", "listings")}
    matches = read["matches"][read["matches"]["blocked_by"].isna()].sort_values(["request_id", "offer_id"])
    pairs = matches[["request_id", "offer_id"]].drop_duplicates().reset_index(drop=True)
    drawn = pairs.iloc[random.Random(SEED).sample(range(len(pairs)), len(pairs))]  # noqa: S311 nothing is secret
    listings = read["listings"].set_index("listing_id")[list(TOLD)]
    if is_in_turn:
        turns = drawn.groupby(drawn["offer_id"].map(listings["title"].str.casefold()), dropna=False).cumcount()
        drawn = drawn.iloc[turns.argsort(kind="stable")]
    drawn = drawn.head(count)
    for side in ("request", "offer"):
        drawn = drawn.join(listings.add_prefix(f"{side}_"), on=f"{side}_id")
    return drawn.reset_index(drop=True)


def interval(right: int, count: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    share, spread = right / count, NORMAL_95**2 / count
    half = NORMAL_95 * sqrt(share * (1 - share) / count + spread / count / 4)
    return (share + spread / 2 - half) / (1 + spread), (share + spread / 2 + half) / (1 + spread)


def main(arguments: Sequence[str]) -> None:
    if arguments[0] != "measure":
        drawn = sample(Path(arguments[1]), arguments[2], int(arguments[3]), is_in_turn=arguments[0] == "in-turn")
        drawn.to_csv(sys.stdout, index=False)
        return
    verdicts = pd.read_csv(arguments[1])["verdict"]
    right = int((verdicts == "right").sum())
    low, high = interval(right, len(verdicts))
    print(f"{right} of {len(verdicts)} right: {right / len(verdicts):.3f} (95 %: {low:.2f} to {high:.2f})")


if __name__ == "__main__":
    main(sys.argv[1:])
