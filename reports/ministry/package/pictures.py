"""Pictures that an official can put into a file: capacity against need, a map of tiles, the course over releases.

All from the long file; what is withheld is drawn as withheld, and each picture stands beside a table of its numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from reports.design.bars import Pair, paired_bars
from reports.design.charts import Series, line_chart, standalone
from reports.design.pictures import TILES, Tile, TileKey, shades, tile_map, tint
from reports.disclosure import TOTAL
from reports.language import N_, NO_BREAK_SPACE, Language, capitalised
from reports.ministry.counted import BW, ELSEWHERE, GRAND_EST, REGIONS, REST_OF_GERMANY
from reports.ministry.package.code_lists import name_of
from reports.ministry.package.release import BREAK, NOTHING, SECRET, Office, Release


@dataclass(frozen=True)
class Layout:
    """A map of tiles roughly where the regions lie. places: code of a region -> column and row of its tile."""

    name: str  # of its file, without language and ending
    caption: str
    places: Mapping[str, tuple[int, int]]
    tile: int = 161  # pixels: two side by side are as wide as a phone, and have room for names

    @property
    def is_coded(self) -> bool:
        """Whether its tiles are too small for names and bear the letters of ISO 3166-2."""
        return self.tile < 100


_WIDE = Layout(
    "picture_map",
    N_("Angebote (links) und Gesuche (rechts) nach Region"),
    {ELSEWHERE: (0, 0), REST_OF_GERMANY: (1, 0), GRAND_EST: (0, 1), BW: (1, 1)},
)
LAYOUTS = (
    _WIDE,
    Layout(
        "picture_map_bw",
        N_("Angebote (links) und Gesuche (rechts) nach Regierungsbezirk in Baden-Württemberg"),
        {"DE12": (0, 0), "DE11": (1, 0), "DE13": (0, 1), "DE14": (1, 1)},
    ),
    Layout(
        "picture_map_laender",
        N_("Angebote (links) und Gesuche (rechts) nach Land in Deutschland"),
        {f"DE-{code}": place for code, place in TILES["DE"].items()},
        tile=62,
    ),
)
# A month counts what was open on any of its Sundays, and by its end some of it is open no more.
_NEED, _NEED_OF_MONTH = (
    N_("Offene Angebote und Gesuche im Vergleich"),
    N_("Angebote und Gesuche des Monats im Vergleich"),
)
_COURSE, _COURSE_OF_MONTHS = N_("Offene Angebote und Gesuche im Verlauf"), N_("Angebote und Gesuche nach Monat")
_KINDS = ("offer", "request")  # in the order of the tables; each has one colour in all pictures


@dataclass(frozen=True)
class Picture:
    """name: of its file, without language and ending. notes: what signs and letters in it mean."""

    name: str
    caption: str
    image: Markup
    notes: Sequence[str] = ()

    @property
    def image_id(self) -> str:
        """Of the image on a page."""
        return _image_id(self.name)

    def as_file(self, release: Release, office: Office, language: Language) -> bytes:
        """As a file of its own, that needs no page around it."""
        source = language.gettext(
            "%(publisher)s, Datenstand %(day)s, vorläufig; dl-de/by-2-0",
            publisher=office.publisher,
            day=language.day(release.last),
        )
        mark = capitalised(release.sample_mark(language))
        notes = (release.period(language), source, *self.notes)
        return standalone(self.image, language.code, self.caption, notes, mark).encode()


def _image_id(name: str) -> str:
    return f"bild-{name}"


def drawn(release: Release, earlier: Sequence[Release], language: Language) -> list[Picture]:
    """Those that the release has numbers for: need, map, and from the second release on the course."""
    found = [_need(release, language), *_maps(release, language), *_course([*earlier, release], language)]
    return found if release.rows else []


def _written(value: int | None, language: Language) -> str:
    """A number or its sign, as in tables."""
    return SECRET if value is None else language.number(value) if value else NOTHING


def _labelled(value: int | None, language: Language) -> str:
    """A number or its sign; in place of the dot, which nobody sees beside a bar, its word."""
    return language.gettext("geheim") if value is None else _written(value, language)


def _told(value: int | None, language: Language) -> str:
    return language.gettext("geheim") if value is None else language.number(value)


def _kind_names(language: Language) -> tuple[str, str]:
    return language.gettext("Angebote"), language.gettext("Gesuche")


def _pairs(release: Release, language: Language) -> list[Pair]:
    """Offers and requests of each product group, or of each of the four regions where no product group is told."""
    products = [row["product"] for row in release.along("product", "listings")]
    axis, codes = (
        ("product", products) if products else ("region", [one for one in REGIONS if one in _regions(release)])
    )
    return [
        Pair(
            name_of(release, axis, code, language),
            (_listings(release, "offer", axis, code), _listings(release, "request", axis, code)),
        )
        for code in dict.fromkeys(codes)
        if code != TOTAL
    ]


def _regions(release: Release) -> set[str]:
    return {row["region"] for row in release.along("region", "listings")}


def _listings(release: Release, kind: str, axis: str, code: str) -> int | None:
    return release.published("listings", "listing", kind=kind, **{axis: code})


def _need(release: Release, language: Language) -> Picture:
    pairs, names = _pairs(release, language), _kind_names(language)
    caption = language.gettext(_NEED if release.is_weekly else _NEED_OF_MONTH)
    description = language.series(_pair_told(pair.name, pair.values, language) for pair in pairs)
    written = partial(_labelled, language=language)
    image = paired_bars(_image_id("picture_need"), pairs, names, (caption, description), written)
    return Picture("picture_need", caption, image)


def _pair_told(name: str, values: Sequence[int | None], language: Language) -> str:
    """Both numbers of a thing in words."""
    told = (f"{kind} {_told(one, language)}" for kind, one in zip(_kind_names(language), values, strict=True))
    return language.labelled(name, ", ".join(told))


def _maps(release: Release, language: Language) -> list[Picture]:
    """Those of detail whose regions the release has, else the one of the four regions."""
    known = _regions(release)
    found = [one for one in LAYOUTS if one.places.keys() <= known]
    return [_map(release, one, language) for one in found if one is not _WIDE or len(found) == 1]


def _map(release: Release, layout: Layout, language: Language) -> Picture:
    places = layout.places
    names = {code: name_of(release, "region", code, language) for code in places}
    counts = {code: tuple(_listings(release, kind, "region", code) for kind in _KINDS) for code in places}
    shown = [count for pair in counts.values() for count in pair]
    most = max((count for count in shown if count), default=0)  # of both kinds: one scale of shades
    tiles = {
        at: _tile(code.removeprefix("DE-") if layout.is_coded else names[code], counts[code], most, language)
        for code, at in places.items()
    }
    told = [_pair_told(names[code], counts[code], language) for code in places]
    caption = language.gettext(layout.caption)
    key = TileKey(_kind_names(language), [_range(*ends, language) for ends in shades(most)])
    image = tile_map(_image_id(layout.name), tiles, caption, language.series(told), width=layout.tile, key=key)
    signs = _signs_told(shown, language)
    letters = [f"{code.removeprefix('DE-')}{NO_BREAK_SPACE}{names[code]}" for code in sorted(names)]
    notes = [signs, " · ".join(letters) if layout.is_coded else ""]
    return Picture(layout.name, caption, image, [note for note in notes if note])


def _tile(name: str, counts: Sequence[int | None], most: int, language: Language) -> Tile:
    offers, requests = counts
    texts = _written(offers, language), _written(requests, language)
    return Tile(name, texts, (tint(offers, most), tint(requests, most)))


def _range(low: int, high: int, language: Language) -> str:
    """A step of the shades, empty if no count lies in it."""
    numbers = dict.fromkeys(language.number(one) for one in (low, high))
    return "–".join(numbers) if low <= high else ""


def _signs_told(values: Sequence[int | None], language: Language) -> str:
    """What the signs on tiles mean, of those that stand there."""
    texts = ((None, N_("Ein Punkt steht für einen geheimen Wert.")), (0, N_("Ein Strich heißt: nichts vorhanden.")))
    return " ".join(language.gettext(text) for value, text in texts if value in values)


def _is_break(release: Release) -> bool:
    return any(BREAK in row["status"] for row in release.rows)


def _course(releases: Sequence[Release], language: Language) -> list[Picture]:
    """Offers and requests in total, release by release; gaps where they are withheld."""
    known = [one for one in releases if one.rows]
    values = {kind: [one.published("listings", "listing", kind=kind) for one in known] for kind in _KINDS}
    named = dict(zip(_kind_names(language), values.values(), strict=True))
    series = [
        Series(name, found, _told(found[-1], language))
        for name, found in named.items()
        if any(value is not None for value in found)
    ]
    if len(known) < 2 or not series:
        return []
    labels = [f"{one.short(language)} {BREAK}" if _is_break(one) else one.short(language) for one in known]
    description = language.series(
        language.labelled(label, ", ".join(f"{name} {_told(found[at], language)}" for name, found in named.items()))
        for at, label in enumerate(labels)
    )
    caption = language.gettext(_COURSE if releases[-1].is_weekly else _COURSE_OF_MONTHS)
    return [
        Picture("picture_trend", caption, line_chart(_image_id("picture_trend"), labels, series, caption, description))
    ]
