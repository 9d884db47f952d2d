"""Pictures that an official can put into a file: capacity against need, a map of tiles, the course over releases.

All from the long file; what is withheld is drawn as withheld, and each picture stands beside a table of its numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from reports.design.bars import Pair, paired_bars
from reports.design.charts import Series, line_chart, standalone
from reports.design.pictures import TILES, Tile, tile_map, tint
from reports.disclosure import TOTAL
from reports.language import N_, Language
from reports.ministry.counted import BW, ELSEWHERE, GRAND_EST, REGIONS, REST_OF_GERMANY
from reports.ministry.package.code_lists import name_of
from reports.ministry.package.release import BREAK, NOTHING, SECRET, Office, Release


@dataclass(frozen=True)
class Layout:
    """A map of tiles roughly where the regions lie. places: code of a region -> column and row of its tile."""

    name: str  # of its file, without language and ending
    caption: str
    places: Mapping[str, tuple[int, int]]


_WIDE = Layout(
    "picture_map",
    N_("Gesuche (links) und Angebote (rechts) nach Region"),
    {ELSEWHERE: (0, 0), REST_OF_GERMANY: (1, 0), GRAND_EST: (0, 1), BW: (1, 1)},
)
LAYOUTS = (
    _WIDE,
    Layout(
        "picture_map_bw",
        N_("Gesuche (links) und Angebote (rechts) nach Regierungsbezirk in Baden-Württemberg"),
        {"DE12": (0, 0), "DE11": (1, 0), "DE13": (0, 1), "DE14": (1, 1)},
    ),
    Layout(
        "picture_map_laender",
        N_("Gesuche (links) und Angebote (rechts) nach Land in Deutschland"),
        {f"DE-{code}": place for code, place in TILES["DE"].items()},
    ),
)
# What stands on a tile; Regierungsbezirke by the letters on the plates of their seats.
_SHORT = {
    BW: "BW", GRAND_EST: "GES", REST_OF_GERMANY: N_("übr. DE"), ELSEWHERE: N_("andere"),
    "DE11": "S", "DE12": "KA", "DE13": "FR", "DE14": "TÜ",
}  # fmt: skip
_KINDS = ("offer", "request")


@dataclass(frozen=True)
class Picture:
    """name: of its file, without language and ending."""

    name: str
    caption: str
    image: Markup

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
        signs = language.gettext("Ein Punkt steht für einen geheimen Wert.")
        return standalone(self.image, language.code, self.caption, (release.period(language), source, signs)).encode()


def _image_id(name: str) -> str:
    return f"bild-{name}"


def drawn(release: Release, earlier: Sequence[Release], language: Language) -> list[Picture]:
    """Those that the release has numbers for: need, map, and from the second release on the course."""
    found = [_need(release, language), *_maps(release, language), *_course([*earlier, release], language)]
    return found if release.rows else []


def _written(value: int | None, language: Language) -> str:
    """A number or its sign, as in tables."""
    return SECRET if value is None else language.number(value) if value else NOTHING


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
    caption = language.gettext("Offene Angebote und Gesuche im Vergleich")
    description = language.series(
        language.labelled(
            pair.name, ", ".join(f"{n} {_told(v, language)}" for n, v in zip(names, pair.values, strict=True))
        )
        for pair in pairs
    )
    written = partial(_written, language=language)
    image = paired_bars(_image_id("picture_need"), pairs, names, (caption, description), written)
    return Picture("picture_need", caption, image)


def _maps(release: Release, language: Language) -> list[Picture]:
    """Those of detail whose regions the release has, else the one of the four regions."""
    known = _regions(release)
    found = [one for one in LAYOUTS if one.places.keys() <= known]
    return [_map(release, one, language) for one in found if one is not _WIDE or len(found) == 1]


def _map(release: Release, layout: Layout, language: Language) -> Picture:
    places = layout.places
    counts = {code: tuple(_listings(release, kind, "region", code) for kind in ("request", "offer")) for code in places}
    most = [max((pair[side] or 0 for pair in counts.values()), default=0) for side in (0, 1)]
    tiles = {at: _tile(code, counts[code], most, language) for code, at in places.items()}
    told = [
        language.gettext(
            "%(place)s: Gesuche %(requests)s, Angebote %(offers)s",
            place=name_of(release, "region", code, language),
            requests=_told(counts[code][0], language),
            offers=_told(counts[code][1], language),
        )
        for code in places
    ]
    caption = language.gettext(layout.caption)
    image = tile_map(_image_id(layout.name), tiles, caption, language.series(told))
    return Picture(layout.name, caption, image)


def _tile(code: str, counts: Sequence[int | None], most: Sequence[int], language: Language) -> Tile:
    name = language.gettext(_SHORT[code]) if code in _SHORT else code.removeprefix("DE-")
    requests, offers = (_written(count, language) for count in counts)
    return Tile(name, (requests, offers), (tint(counts[0], most[0]), tint(counts[1], most[1])))


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
    labels = [f"{one.name} {BREAK}" if _is_break(one) else one.name for one in known]
    description = language.series(
        language.labelled(label, ", ".join(f"{name} {_told(found[at], language)}" for name, found in named.items()))
        for at, label in enumerate(labels)
    )
    caption = language.gettext("Offene Angebote und Gesuche im Verlauf")
    return [
        Picture("picture_trend", caption, line_chart(_image_id("picture_trend"), labels, series, caption, description))
    ]
