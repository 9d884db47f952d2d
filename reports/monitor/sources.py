"""The sources of a week: how fresh, how many rows on their way into the report, how the weeks before went."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

import pandas as pd
from markupsafe import Markup

from reports.design.tables import table
from reports.frames import Row, rows
from reports.language import N_, NO_BREAK_SPACE, Language
from reports.wording import SOURCE_STATES, word
from sources.week import Week

STRIP_WEEKS = 14
_SQUARE, _HEIGHT = 9, 18
_HEIGHTS = {"fresh": 16, "stale": 8, "missing": 2}  # not told by colour alone
_BADGES = {"fresh": "good", "stale": "warn", "missing": "bad"}


def weeks_shown(before: pd.DataFrame, week: Week) -> int:
    """How many weeks the strips reach back to the first that was run, at most `STRIP_WEEKS`. before: as below."""
    known = {str(week), *(before["week"] if len(before) else ())}
    return max(back + 1 for back in range(STRIP_WEEKS) if str(week.shifted(-back)) in known)


_HEADINGS = (
    N_("Quelle"), N_("Status"), N_("Verlauf"), N_("Zuletzt gelesen"),
    N_("roh"), N_("gültig"), N_("entdoppelt"), N_("ausgesondert"), N_("später"),
)  # fmt: skip


def source_table(
    states: Sequence[Row],
    before: pd.DataFrame,
    lapsed: Collection[str],
    week: Week,
    titles: Mapping[str, str],
    language: Language,
) -> Markup:
    """states: rows of `SourceState` with `rows_distinct`. before: rows of `SourceState` of past weeks with `week`.

    lapsed: platforms that deliver, but nothing new.
    """
    groups = before.groupby("platform") if len(before) else ()  # a first week has none, and no columns
    past = {name: dict(zip(own["week"], own["state"], strict=True)) for name, own in groups}
    shown = weeks_shown(before, week)
    found = []
    for row in states:
        counts = (row[name] for name in ("rows_read", "rows_listed", "rows_distinct", "rows_quarantined", "rows_later"))
        found.append(
            (
                titles.get(row["platform"], row["platform"]),
                _state(row["state"], row["platform"] in lapsed, language),
                strip({**past.get(row["platform"], {}), str(week): row["state"]}, week, shown, language),
                _age(row, language),
                *map(language.number, counts),
            )
        )
    return table(
        [language.gettext(text) for text in _HEADINGS],
        found,
        table_id="quellen",
        caption=language.gettext("Quellen in dieser Woche"),
        numeric=(4, 5, 6, 7, 8),
        is_carded=True,
    )


def _state(state: str, has_lapsed: bool, language: Language) -> Markup:
    """The state as a badge; what is read afresh and says the same for weeks is not simply well."""
    if state == "fresh" and has_lapsed:
        return Markup('<span class="warn">{}</span>').format(language.gettext("aktuell, unverändert"))
    told = word(SOURCE_STATES, state, language).replace(" ", NO_BREAK_SPACE)
    return Markup('<span class="{}">{}</span>').format(_BADGES[state], told)


def _age(row: Row, language: Language) -> str:
    if not row["retrieved_at"]:
        return language.gettext("nie")
    if not row["age_days"]:
        return language.gettext("Ende der Woche").replace(" ", NO_BREAK_SPACE)
    told = language.ngettext("vor %(count)s Tag", "vor %(count)s Tagen", int(row["age_days"]))
    return told.replace(" ", NO_BREAK_SPACE)


def strip(states: Mapping[str, str], week: Week, shown: int, language: Language) -> Markup:
    """So many weeks up to this one as bars: full for a fresh state, half for an old one, a line for none.

    states: by week; a week that was never run has no bar.
    """
    weeks = [week.shifted(-back) for back in reversed(range(shown))]
    told = [(number, states[str(one)]) for number, one in enumerate(weeks) if str(one) in states]
    counts = Counter(state for _, state in told)
    description = language.series(
        language.labelled(word(SOURCE_STATES, state, language), language.number(counts[state]))
        for state in _HEIGHTS
        if counts[state]
    )
    body = "".join(
        f'<rect class="{_BADGES[state]}" fill="currentColor" x="{number * _SQUARE}" y="{_HEIGHT - _HEIGHTS[state]}" '
        f'width="{_SQUARE - 2}" height="{_HEIGHTS[state]}"/>'
        for number, state in told
    )
    title = language.ngettext("%(count)s Woche bis jetzt", "%(count)s Wochen bis jetzt", len(told))
    width = shown * _SQUARE
    # A label beside title and text, because great-tables renames their ids and not what points to them.
    return Markup(
        '<svg viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" aria-label="{2}">'
        "<title>{3}</title><desc>{4}</desc>{5}</svg>"
    ).format(width, _HEIGHT, language.labelled(title, description), title, description, Markup(body))  # noqa: S704 numbers and our own words


def term_table(listings: pd.DataFrame, week: Week, titles: Mapping[str, str], language: Language) -> Markup | None:
    """Listings whose time is running out or over, by platform; None without any. listings: rows of `Listing`."""
    ends = listings["available_until"]
    is_ending = (listings["status"] == "open") & (ends >= week.ends_at) & (ends < week.ends_at + timedelta(days=7))
    counts = pd.DataFrame(
        {
            "ending": is_ending,
            "expired": listings["status"] == "expired",
            "silent": listings["status"] == "stale",
        }
    )
    sums = counts.groupby(listings["platform"]).sum()
    found = sums[sums.any(axis=1)].reset_index()
    if found.empty:
        return None
    headings = (N_("Quelle"), N_("läuft nächste Woche ab"), N_("abgelaufen"), N_("ohne Meldung"))
    return table(
        [language.gettext(text) for text in headings],
        [
            (
                titles.get(row["platform"], row["platform"]),
                *(language.number(row[name]) for name in ("ending", "expired", "silent")),
            )
            for row in rows(found)
        ],
        table_id="fristen",
        caption=language.gettext("Inserate, deren Zeit abläuft oder vorbei ist"),
        numeric=(1, 2, 3),
        is_carded=True,
    )
