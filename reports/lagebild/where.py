"""Where requests come from, where offers sit, between which platforms they meet, and how fresh the sources are."""

from collections import Counter

from markupsafe import Markup

from reports.design.charts import Series, line_chart
from reports.design.tables import table
from reports.frames import Row, rows
from reports.lagebild.issue import Desk
from reports.lagebild.summary import history_of
from reports.language import N_, Language
from reports.wording import SOURCE_STATES, region, word
from sources.week import Week

MOST_REGIONS = 12
MOST_WAYS = 12


def history_chart(desk: Desk, language: Language) -> Markup | None:
    """Offers and requests over the last weeks; None as long as there is only one week."""
    history = history_of(desk)
    if len(history) < 2:
        return None
    names = {"offers": language.gettext("Angebote"), "requests": language.gettext("Gesuche")}
    series = [
        Series(name, [int(row[column]) for row in history], language.number(int(history[-1][column])))
        for column, name in names.items()
    ]
    labels = [language.gettext("KW %(number)s", number=Week.parse(row["week"]).number) for row in history]
    description = "; ".join(
        f"{label}: " + ", ".join(f"{line.name} {language.number(line.values[index])}" for line in series)
        for index, label in enumerate(labels)
    )
    return line_chart("verlauf", labels, series, language.gettext("Aktive Angebote und Gesuche je Woche"), description)


def regions(desk: Desk, language: Language) -> tuple[Markup | None, int]:
    """Open requests and offers by region, most requests first, and how many regions are left out."""
    counts: dict[str, Counter[str]] = {}
    for listing in desk.listing.values():
        if listing["status"] == "open" and listing["kind"] in ("request", "offer"):
            counts.setdefault(_region(listing, language), Counter())[listing["kind"]] += 1
    unmet_requests = {row["request_id"] for row in rows(desk.issue.unmet)}
    for request_id in unmet_requests:
        counts.setdefault(_region(desk.listing[request_id], language), Counter())["unmet"] += 1
    if not counts:
        return None, 0
    ordered = sorted(counts.items(), key=lambda item: (-item[1]["request"], -item[1]["offer"], item[0]))
    made = table(
        [language.gettext(text) for text in (N_("Region"), N_("Gesuche"), N_("davon ohne Angebot"), N_("Angebote"))],
        [
            (name, *(language.number(found[kind]) for kind in ("request", "unmet", "offer")))
            for name, found in ordered[:MOST_REGIONS]
        ],
        table_id="regionen",
        caption=language.gettext("Offene Gesuche und Angebote nach Region"),
        numeric=(1, 2, 3),
    )
    return made, max(0, len(ordered) - MOST_REGIONS)


def _region(listing: Row, language: Language) -> str:
    return region(listing["country"], listing["region"], language) or language.gettext("ohne Angabe")


def flows(desk: Desk, language: Language) -> Markup | None:
    """Between which platforms the running opportunities connect a request with an offer."""
    pairs: Counter[tuple[str, str]] = Counter()
    for row in desk.running:
        asked_on = desk.listing[row["consortium"]["request_id"]]["platform"]
        offered_on = {role["platform"] for role in row["roles"] if role["state"] == "filled" and role["platform"]}
        pairs.update((asked_on, name) for name in offered_on)
    if not pairs:
        return None
    ordered = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))[:MOST_WAYS]
    return table(
        [language.gettext(text) for text in (N_("Gesuch steht auf"), N_("Angebot steht auf"), N_("Konsortialchancen"))],
        [
            (desk.platform_title(asked), desk.platform_title(offered), language.number(count))
            for (asked, offered), count in ordered
        ],
        table_id="wege",
        caption=language.gettext("Wo sich Gesuch und Angebot treffen: die häufigsten Wege"),
        numeric=(2,),
    )


def sources(desk: Desk, language: Language) -> Markup:
    """How every platform fared this week."""
    headings = (
        N_("Plattform"),
        N_("Stand"),
        N_("Abruf"),
        N_("Zeilen"),
        N_("Inserate"),
        N_("Ausgesondert"),
        N_("Später"),
    )
    found = []
    for name, row in sorted(desk.source_state.items()):
        retrieved = language.day(row["retrieved_at"].date()) if row["retrieved_at"] else language.gettext("nie")
        state = word(SOURCE_STATES, row["state"], language)
        if row["state"] == "stale":
            state = language.ngettext("veraltet (%(count)s Tag)", "veraltet (%(count)s Tage)", int(row["age_days"]))
        counts = (row[column] for column in ("rows_read", "rows_listed", "rows_quarantined", "rows_later"))
        found.append((desk.platform_title(name), state, retrieved, *(language.number(count) for count in counts)))
    return table(
        [language.gettext(text) for text in headings],
        found,
        table_id="quellen",
        caption=language.gettext("Stand der Quellen"),
        numeric=(3, 4, 5, 6),
    )
