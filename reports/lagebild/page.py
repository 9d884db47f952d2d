"""The Lagebild as one HTML page."""

from collections.abc import Sequence

from markupsafe import Markup

from reports.design.page import render_page
from reports.design.tables import table
from reports.lagebild import cards, changes, pointers, proofs, shortages, where
from reports.lagebild.corrections import told
from reports.lagebild.issue import Issue
from reports.lagebild.summary import Action, actions, headlines, key_figures, stale_notice
from reports.lagebild.words import title
from reports.language import N_, Language


def render(issue: Issue, language: str = "de") -> str:
    """The issue in one of `LANGUAGES`; raises UnfitHeadlines, UnsafeTable or a template error rather than guess."""
    desk, reader = issue.desk, Language(language)
    to_do = actions(desk, reader)
    decided = [action.opportunity_id for action in to_do]
    chosen = cards.chosen(desk, decided)
    with_card = {row["opportunity_id"]: title(desk, row, reader) for row in chosen}
    change_table, change_counts = changes.change_log(desk, with_card, reader)
    compact_table, compact_left_out = changes.compact_list(desk, with_card, reader)
    unchanged_table, unchanged = pointers.unchanged_list(desk, with_card, reader)
    unmet_table, unmet_left_out = changes.unmet_needs(desk, reader)
    shortage_table, shortages_left_out = shortages.shortages(desk, reader)
    region_table, regions_left_out = where.regions(desk, reader)
    flow_picture, flow_table = where.flows(desk, reader)
    return render_page(
        "lagebild/page.html",
        reader,
        issue=issue,
        is_sample=issue.is_sample,
        published_on=desk.published_on,
        is_first=issue.previous is None,
        corrections=[
            [changes.with_links(sentence, with_card) for sentence in told(correction, reader)]
            for correction in issue.corrections
        ],
        headlines=[changes.headline_links(headline, with_card) for headline in headlines(desk, reader)],
        notices=[changes.with_links(sentence, with_card) for sentence in stale_notice(desk, decided, reader)],
        figures=key_figures(desk, reader),
        action_table=_action_table(to_do, with_card, reader) if to_do else None,
        change_table=change_table,
        change_counts=change_counts,
        cards=[cards.card(desk, row, reader) for row in chosen],
        compact_table=compact_table,
        compact_left_out=compact_left_out,
        unchanged_table=unchanged_table,
        unchanged=unchanged,
        muted_table=pointers.muted_list(desk, reader),
        muted=pointers.muted_notice(desk, reader),
        unmet_table=unmet_table,
        unmet_left_out=unmet_left_out,
        shortage_table=shortage_table,
        shortages_left_out=shortages_left_out,
        history=where.history_chart(desk, reader),
        region_table=region_table,
        regions_left_out=regions_left_out,
        maps=where.maps(desk, reader),
        flow_picture=flow_picture,
        flow_table=flow_table,
        proofs=proofs.proofs(desk, with_card, reader),
        workbook=f"matches.{language}.xlsx",
        source_table=where.sources(desk, reader),
    )


def _action_table(to_do: Sequence[Action], with_card: changes.Titles, language: Language) -> Markup:
    headings = (N_("Vorgang"), N_("Wer"), N_("Nächster Schritt"), N_("Anrufen"), N_("Bis"), N_("Nr."))
    rows = [
        (
            changes.title_link(action.opportunity_id, action.title, with_card),
            action.who,
            action.step,
            action.call,
            language.weekday(action.due_on),
            changes.number(action.opportunity_id),
        )
        for action in to_do
    ]
    return table(
        [language.gettext(text) for text in headings],
        rows,
        table_id="entscheiden",
        caption=language.gettext("Jetzt entscheiden: wer, was, bis wann"),
        is_stacked=True,
    )
