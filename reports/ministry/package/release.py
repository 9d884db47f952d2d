"""A release as its long file tells it: whatever else is written is made from this, and can tell no more."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from babel.dates import format_skeleton

from reports.disclosure import TOTAL
from reports.language import N_, Language
from sources.week import Week

SECRET, NOTHING = ".", "–"
# Status of a number; a revised one of a week with a break has both signs.
PROVISIONAL, REVISED, BREAK = "p", "r", "b"
STEP = "reached_"  # begins the measures that count how far requests came
# Columns that tell what is counted where, in the order of tables; a release has some of them.
DIMENSIONS = ("region", "product", "kind")


@dataclass(frozen=True)
class Column:
    """A column of the long file: what it holds, and whether as a whole number. German texts for the catalogues."""

    description: str
    is_number: bool = False


COLUMNS: Mapping[str, Column] = {
    "period": Column(N_("Zeitraum: Kalenderwoche nach ISO 8601 oder Monat")),
    "region": Column(N_("Region, Code nach codes_region.csv")),
    "region_label": Column(N_("Region, deutscher Name")),
    "product": Column(N_("Produktgruppe, Code nach codes_product.csv")),
    "product_label": Column(N_("Produktgruppe, deutscher Name")),
    "frame": Column(N_("Gliederung dieser Ausgabe, Code nach codes_frame.csv")),
    "kind": Column(N_("Angebot oder Gesuch, Code nach codes_kind.csv")),
    "measure": Column(N_("was gezählt wird, Code nach codes_measure.csv")),
    "unit": Column(N_("Einheit des Wertes, Code nach codes_unit.csv")),
    "value": Column(N_("Wert; leer, wo er geheim ist"), is_number=True),
    "sign": Column(N_("Zeichen statt des Wertes oder zu ihm, nach codes_sign.csv")),
    "status": Column(N_("Stand des Wertes, nach codes_status.csv")),
}


@dataclass(frozen=True)
class Office:
    """Who publishes and answers, as configured; what is empty is left out.

    contact: an e-mail address. address: where releases lie on the web, ending in a slash; without it files name each
    other relatively. contributor: the IRI that GovData gives to who delivers data (DCAT-AP.de, convention 12).
    """

    publisher: str = "Verbundradar"
    contact: str = ""
    address: str = ""
    contributor: str = ""


@dataclass(frozen=True)
class Release:
    """name: "2020-W17" or "2020-04". first and last: the days it covers; rows: the long file's, as text.

    names: by language what codes are called there, where the catalogue has no translation of the file's label.
    """

    name: str
    first: date
    last: date
    next_on: date
    rows: Sequence[Mapping[str, str]]
    is_sample: bool
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, name: str, long_file: bytes, *, is_sample: bool, names: Mapping[str, Mapping[str, str]] | None = None
    ) -> "Release":
        """name: a week such as 2020-W17, or a month such as 2020-04.

        A week's next issue appears on the Monday after the next week, like the Lagebild's; a month's on the first day
        after the next month.
        """
        rows = list(csv.DictReader(io.StringIO(long_file.decode())))
        if "W" in name:
            week = Week.parse(name)
            return cls(name, week.monday, week.sunday, week.shifted(2).monday, rows, is_sample, names or {})
        first = date.fromisoformat(f"{name}-01")
        following = _next_month(first)
        return cls(name, first, following - timedelta(days=1), _next_month(following), rows, is_sample, names or {})

    @property
    def is_weekly(self) -> bool:
        return "W" in self.name

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(name for name in DIMENSIONS if name in self.columns)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.rows[0]) if self.rows else ()

    def codes(self, column: str) -> list[str]:
        """The codes of a column in the order of the file."""
        return list(dict.fromkeys(row[column] for row in self.rows))

    def label(self, column: str, code: str, language: Language) -> str:
        """What the long file calls a code, in a reader's language; "" if it has no such column."""
        german = self._labels.get((column, code), "")
        return self.names.get(language.code, {}).get(code) or (language.gettext(german) if german else "")

    @cached_property
    def _labels(self) -> Mapping[tuple[str, str], str]:
        named = [name for name in self.dimensions if f"{name}_label" in self.columns]
        return {(name, row[name]): row[f"{name}_label"] for row in self.rows for name in named}

    @cached_property
    def _published(self) -> Mapping[tuple[str, ...], int | None]:
        return {tuple(row[name] for name in self.key): int(row["value"]) if row["value"] else None for row in self.rows}

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that tell rows apart; quantities have a row for each unit."""
        return ("measure", "unit", *self.dimensions)

    def published(self, measure: str, unit: str, **codes: str) -> int | None:
        """What is published of a cell, None where it is withheld; dimensions that are not named are in total.

        A week may leave out one of the kinds: its cells are withheld as well.
        """
        return self._published.get((measure, unit, *(codes.get(name, TOTAL) for name in self.dimensions)))

    def along(self, axis: str, measure: str) -> list[Mapping[str, str]]:
        """The rows of a measure by the codes of an axis and by kind; what else the release tells apart is in total.

        Empty where the release tells no more of the axis than its total.
        """
        others = [name for name in self.dimensions if name not in (axis, "kind")]
        rows = [row for row in self.rows if row["measure"] == measure and all(row[name] == TOTAL for name in others)]
        return rows if any(row.get(axis, TOTAL) != TOTAL for row in rows) else []

    @property
    def steps(self) -> list[str]:
        """The measures of how far requests came, first step first; they are told in total alone."""
        return [measure for measure in self.codes("measure") if measure.startswith(STEP)]

    def period(self, language: Language) -> str:
        """The period as readers name it."""
        if self.is_weekly:
            week = Week.parse(self.name)
            return f"{language.week(week)} · {language.days_of(week)}"
        return language.gettext("%(first)s bis %(last)s", first=language.day(self.first), last=language.day(self.last))

    def short(self, language: Language) -> str:
        """The period as it fits below a picture: KW 17, or 4/2020."""
        if self.is_weekly:
            return language.gettext("KW %(number)s", number=Week.parse(self.name).number)
        return str(format_skeleton("yM", self.first, locale=language.locale))

    @property
    def issued_on(self) -> date:
        """The day on which it goes out: the first after its period, which also is what its files are dated by."""
        return self.last + timedelta(days=1)

    def sample_mark(self, language: Language) -> str:
        """What every file must say whose numbers are of the samples; else empty."""
        return language.gettext("Beispieldaten, keine echten Zahlen") if self.is_sample else ""

    def marked(self, text: str, language: Language) -> str:
        """A title or description as it stands where nothing else says that the numbers are samples."""
        return f"{text} ({mark})" if (mark := self.sample_mark(language)) else text

    def title(self, language: Language) -> str:
        """What it is called, as on its page."""
        return language.gettext("Kooperationsangebote und -gesuche der Gesundheitsindustrie")


def localised(name: str, language: str, ending: str) -> str:
    """A file's name in a language; German goes without a mark."""
    return f"{name}.{ending}" if language == "de" else f"{name}.{language}.{ending}"


def _next_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)
