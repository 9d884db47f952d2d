"""Where requests come from, where offers sit, between which platforms they meet; now and over the weeks before."""

from collections import Counter
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from matching.places.geography import region_code
from reports.design.charts import LEAST_POINTS, Series, line_chart
from reports.design.pictures import TILES, Tile, flow_picture, tile_map
from reports.design.tables import Cut, table
from reports.frames import Row
from reports.lagebild import proofs
from reports.lagebild.issue import Desk
from reports.lagebild.links import proofs_page
from reports.lagebild.shortages import place_of, places_named
from reports.lagebild.summary import history_of
from reports.language import N_, Language
from sources.week import Week

MOST_REGIONS = 6
MOST_DRAWN = 7  # platforms a side that the picture names
MOST_COUNTRIES = 10  # tiles beside those of Germany and France
_SIDES = (1, 0)  # requests on the left, offers on the right, each in the colour that it has in the course
# Counts of regions are told as classes: exact ones would tell what the ministry's statistics of the same week withhold.
# Least count of each class, its text, what stands on a tile and how dark it is.
CLASSES = (
    (50, N_("50 und mehr"), "50+", 4),
    (10, N_("10 bis 49"), "10+", 2),
    (1, N_("unter 10"), "<10", 1),
    (0, N_("keine"), "0", 0),
)


def history_chart(desk: Desk, language: Language) -> Markup | None:
    """Offers and requests over the last weeks; None before there are `LEAST_POINTS` of them."""
    history = history_of(desk)
    if len(history) < LEAST_POINTS:
        return None
    names = {"offers": language.gettext("Angebote"), "requests": language.gettext("Gesuche")}
    series = [
        Series(name, [int(row[column]) for row in history], language.number(int(history[-1][column])))
        for column, name in names.items()
    ]
    labels = [_week(row, language) for row in history]
    description = history_told(desk, language)
    return line_chart("verlauf", labels, series, language.gettext("Aktive Angebote und Gesuche je Woche"), description)


def history_told(desk: Desk, language: Language) -> str:
    """The same in words, as many weeks as there are."""
    return language.series(
        language.labelled(
            _week(row, language),
            language.gettext(
                "Angebote %(offers)s, Gesuche %(requests)s",
                offers=language.number(int(row["offers"])),
                requests=language.number(int(row["requests"])),
            ),
        )
        for row in history_of(desk)
    )


def _week(row: Row, language: Language) -> str:
    return language.gettext("KW %(number)s", number=Week.parse(row["week"]).number)


def _class(count: int) -> tuple[int, str, str, int]:
    return next(one for one in CLASSES if count >= one[0])


def class_name(count: int, language: Language) -> str:
    """How many there are, no more closely than is told of a region."""
    return language.gettext(_class(count)[1])


Place = tuple[str | None, str | None]
Way = tuple[str, str]  # platforms of a request and of an offer


def regions(desk: Desk, language: Language) -> Cut:
    """Classes of open requests, needs without a partner and offers by region; order and cut tell no more.

    All regions of the largest class of requests stand there, and six at least.
    """
    found = {kind: dict(proofs.by_region(desk, kind)) for kind in ("request", "offer")}
    kinds = {"request": language.gettext("Gesuche"), "offer": language.gettext("Angebote")}
    unmet = Counter((row["country"], row["region"]) for row in desk.unmet_needs)
    if not (places := _by_class(desk, found, language)):
        return Cut(None, 0)
    largest = sum(_class(len(found["request"].get(place, ()))) == CLASSES[0] for place in places)
    shown = places[: max(MOST_REGIONS, largest)]

    def linked(kind: str, place: Place) -> Markup | str:
        if place not in found[kind]:
            return language.gettext("keine")
        target = f"liste-{kind}-{proofs.numbers(found[kind])[place]}"
        told = class_name(len(found[kind][place]), language)
        # Many regions have the same class, and a link must say where it leads.
        where = f"{proofs.place_name(place, language)}, {kinds[kind]}"
        link = '<a href="{}#{}">{}<span class="hidden"> {}</span></a>'
        return Markup(link).format(proofs_page(language), target, told, where)  # noqa: S704 a constant

    made = table(
        [language.gettext(text) for text in (N_("Region"), N_("Gesuche"), N_("Bedarfe ohne Partner"), N_("Angebote"))],
        [
            (
                proofs.place_name(place, language),
                linked("request", place),
                class_name(unmet[place], language),
                linked("offer", place),
            )
            for place in shown
        ],
        table_id="regionen",
        caption=language.gettext("Offene Gesuche und Angebote nach Region"),
        numeric=(1, 2, 3),
        is_stacked=True,
    )
    return Cut(made, len(places) - len(shown))


def _by_class(desk: Desk, found: Mapping[str, Mapping[Place, Sequence[str]]], language: Language) -> list[Place]:
    """Regions by the classes of their requests and offers.

    Within a class the order is that of the table of gaps, which tells its numbers: another would tell more.
    """
    told = {place: rank for rank, place in enumerate(places_named(desk))}

    def order(place: Place) -> tuple[int | str, ...]:
        classes = (-_class(len(found[kind].get(place, ())))[0] for kind in found)
        return *classes, told.get(place_of(*place), len(told)), proofs.place_name(place, language)

    return sorted({*found["request"], *found["offer"]}, key=order)


def maps(desk: Desk, language: Language) -> list[tuple[str, Markup]]:
    """Tiles of the regions of Germany and France, then of other countries; no empty maps."""
    counts: dict[Place, Counter[str]] = {}
    for listing in desk.current:
        if listing["kind"] in ("request", "offer"):
            place = listing["country"], region_code(listing["country"], listing["region"])
            counts.setdefault(place, Counter())[listing["kind"]] += 1
    by_country: dict[str, Counter[str]] = {}
    for (country, _), found in counts.items():
        by_country.setdefault(country or "", Counter()).update(found)
    shown: list[tuple[str, str, dict[tuple[int, int], Counted]]] = [
        (
            f"kacheln-{country.lower()}",
            _map_name(country, by_country[country], counts, language),
            {at: (code, counts.get((country, code), Counter())) for code, at in TILES[country].items()},
        )
        for country in TILES
        if country in by_country
    ]
    others = sorted(
        by_country.keys() - TILES.keys() - {""}, key=lambda code: (-_class(by_country[code].total())[0], code)
    )
    if others:
        tiles = {(n % 5, n // 5): (code, by_country[code]) for n, code in enumerate(others[:MOST_COUNTRIES])}
        shown.append(("kacheln-andere", language.gettext("Andere Länder"), tiles))
    return [(name, _map(chart_id, name, tiles, language)) for chart_id, name, tiles in shown]


def _map_name(country: str, whole: Counter[str], counts: dict[Place, Counter[str]], language: Language) -> str:
    """The country, and what its tiles cannot show because no known region is stated."""
    name = language.country(country)
    placed = Counter[str]()
    for code in TILES[country]:
        placed.update(counts.get((country, code), {}))
    rest = whole - placed
    if not rest:
        return name
    return language.gettext(
        "%(place)s (ohne Region: Gesuche %(requests)s, Angebote %(offers)s)",
        place=name,
        requests=class_name(rest["request"], language),
        offers=class_name(rest["offer"], language),
    )


Counted = tuple[str, Counter[str]]  # a region's short name, and what is counted there


def _map(chart_id: str, name: str, counted: dict[tuple[int, int], Counted], language: Language) -> Markup:
    tiles = {at: _tile(*one) for at, one in counted.items()}
    told = [
        language.gettext(
            "%(place)s: Gesuche %(requests)s, Angebote %(offers)s",
            place=place,
            requests=class_name(found["request"], language),
            offers=class_name(found["offer"], language),
        )
        for place, found in sorted(counted.values(), key=lambda one: one[0])
        if found.total()
    ]
    title = language.gettext("%(place)s: offene Gesuche und Angebote", place=name)
    return tile_map(chart_id, tiles, title, language.series(told) or language.gettext("keine"), sides=_SIDES)


def _ways(desk: Desk) -> Counter[Way]:
    """Matches by the platform of the request and that of the offer."""
    listing = desk.listing
    return desk.once(
        "ways", lambda: Counter((listing[one]["platform"], listing[other]["platform"]) for one, other in desk.crossings)
    )


def _largest(ways: Counter[Way], side: int) -> set[str]:
    """The platforms of one side with most matches, as many as the picture names."""
    counts = Counter[str]()
    for way, count in ways.items():
        counts[way[side]] += count
    return set(sorted(counts, key=lambda name: (-counts[name], name))[:MOST_DRAWN])


def flow_chart(desk: Desk, language: Language) -> Markup | None:
    """Between which platforms requests and offers match: the main ways, the others gathered; None without a match."""
    ways = _ways(desk)
    if not ways:
        return None
    rest = language.gettext("übrige")
    drawn: Counter[Way] = Counter()
    kept = [_largest(ways, side) for side in (0, 1)]
    for way, count in ways.items():
        ends = [desk.platform_title(name) if name in kept[side] else rest for side, name in enumerate(way)]
        drawn[ends[0], ends[1]] += count
    told = sorted(f"{one} → {other}: {language.number(count)}" for (one, other), count in drawn.items())
    title = language.ngettext(
        "%(count)s Treffer zwischen Plattformen: links das Gesuch, rechts das Angebot",
        "%(count)s Treffer zwischen Plattformen: links das Gesuch, rechts das Angebot",
        ways.total(),
    )
    return flow_picture("wege-bild", drawn, title, language.series(told), language.number, last=rest)


def _tile(name: str, found: Counter[str]) -> Tile:
    (_, _, requests, left), (_, _, offers, right) = (_class(found[kind]) for kind in ("request", "offer"))
    return Tile(name, (requests, offers), (left, right))
