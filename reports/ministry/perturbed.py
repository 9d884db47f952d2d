"""The weeks of a quarter by product group and kind, perturbed by cell keys: a course that no other release tells.

Weeks tell regions exactly, months product groups. Where a quarter has this course its months tell no product group
exactly, and the other way round, or exact numbers would stand beside perturbed ones of the same cells. Totals of a week
are told exactly by the week itself and left out here; perturbed numbers do not add up to them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product as cross

from reports.disclosure import is_sensitive
from reports.disclosure.cell_key import noise_table, record_key
from reports.language import Labels, Language
from reports.ministry.counted import KINDS, Frames
from reports.ministry.document import written
from reports.ministry.month_counted import MonthEntry, month_entries
from reports.ministry.month_document import product_name
from reports.ministry.monthly import axes_of
from reports.ministry.statistics import RULES, SECRET
from sources.week import Week

# A course differs by noise of variance 4 from one week to the next: three listings, the threshold, are 1.5 standard
# deviations, so that what fewer of them change is no news.
MOST = 4
COLUMNS = ("period", "product", "product_label", "kind", "measure", "unit", "value", "sign", "status")


def perturbed_csv(weeks: Mapping[Week, Frames], taxonomy: Labels, products: Collection[str], secret: bytes) -> str:
    """One row a week, product group and kind. products: all groups there are; secret: of record keys."""
    reader = Language("de")
    return written(
        COLUMNS,
        [
            (str(week), product, product_name(product, taxonomy, reader), kind, "listings_perturbed", "listing", value,
             SECRET if value is None else "", "p")
            for week in sorted(weeks)
            for product, kind, value in _cells(month_entries({week: weeks[week]}, taxonomy), products, secret)
        ],
    )  # fmt: skip


def _cells(
    counted: Sequence[MonthEntry], products: Collection[str], secret: bytes
) -> Iterator[tuple[str, str, int | None]]:
    """Withheld is what the rules withhold; nothing more, since no exact number stands beside it in its sums."""
    table = noise_table(MOST)
    for product, kind in cross(axes_of(products)[0].leaves, KINDS):
        own = [one for one in counted if (one.product, one.kind) == (product, kind)]
        groups: dict[str, int] = {}
        for one in own:
            groups[one.group] = groups.get(one.group, 0) + 1
        is_told = not is_sensitive(groups, RULES)
        yield product, kind, table.perturbed(record_key(one.listing_id, secret) for one in own) if is_told else None
