"""How fresh each platform's state is, and what became of its rows."""

from markupsafe import Markup

from reports.design.tables import table
from reports.lagebild.issue import Desk
from reports.language import N_, Language
from reports.wording import SOURCE_STATES, word
from sources.week import local_day


def source_table(desk: Desk, language: Language) -> Markup:
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
        retrieved = language.day(local_day(row["retrieved_at"])) if row["retrieved_at"] else language.gettext("nie")
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
        is_stacked=True,
    )
