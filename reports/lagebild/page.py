"""The Lagebild as one HTML page."""

from collections.abc import Sequence

from markupsafe import Markup

from reports.design.page import render_page
from reports.design.tables import table
from reports.lagebild import answers, cards, changes, links, pointers, proofs, shortages, where
from reports.lagebild.corrections import told
from reports.lagebild.held_back import held_back_list
from reports.lagebild.issue import Issue
from reports.lagebild.sources import source_table
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
    return render_page(
        "lagebild/page.html",
        reader,
        issue=issue,
        is_sample=issue.is_sample,
        is_first=issue.previous is None,
        corrections=[[links.with_links(line, with_card) for line in told(one, reader)] for one in issue.corrections],
        headlines=[links.headline_links(headline, with_card) for headline in headlines(desk, reader)],
        notices=[links.with_links(sentence, with_card) for sentence in stale_notice(desk, decided, reader)],
        figures=key_figures(desk, reader),
        action_table=_action_table(to_do, with_card, reader) if to_do else None,
        waiting=answers.waiting_table(desk, decided, with_card, reader),
        answers={row["opportunity_id"]: answers.card_answers(desk, row, reader) for row in chosen},
        changes=changes.change_log(desk, with_card, reader),
        unchanged=pointers.unchanged_list(desk, with_card, reader),
        cards=[cards.card(desk, row, reader) for row in chosen],
        compact=changes.compact_list(desk, with_card, reader),
        muted_table=pointers.muted_list(desk, reader),
        muted=pointers.muted_notice(desk, reader),
        unmet=shortages.unmet_needs(desk, reader),
        shortages=shortages.shortages(desk, reader),
        history=where.history_chart(desk, reader),
        regions=where.regions(desk, reader),
        maps=where.maps(desk, reader),
        flow_chart=where.flow_chart(desk, reader),
        flow_table=where.flow_table(desk, reader),
        source_table=source_table(desk, reader),
        held=held_back_list(desk, reader),
        proofs=proofs.proofs(desk, with_card, reader),
        workbook=f"matches.{language}.xlsx",
    )


def _action_table(to_do: Sequence[Action], with_card: links.Titles, language: Language) -> Markup:
    headings = (N_("Vorgang"), N_("Wer"), N_("Nächster Schritt"), N_("Anrufen"), N_("Bis"), N_("Nr."))
    rows = [
        (
            links.title_link(action.opportunity_id, action.title, with_card),
            action.who,
            action.step,
            action.call,
            language.weekday(action.due_on),
            links.number(action.opportunity_id),
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
