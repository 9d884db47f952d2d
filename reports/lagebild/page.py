"""The Lagebild as HTML pages: the issue, its first page for one product group, all cases, the lists behind figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports.design.page import own_text, policy_of, render_page
from reports.frames import Row
from reports.lagebild import answers, cards, case_list, changes, courses, links, pointers, proofs, shortages, where
from reports.lagebild.calls import (
    Call,
    age,
    also_asked,
    called,
    calls,
    contact_line,
    left_out,
    listing_name,
    parties,
    short_line,
    tender,
    what_to_do,
)
from reports.lagebild.corrections import told
from reports.lagebild.deadlines import deadlines
from reports.lagebild.held_back import held_back_list
from reports.lagebild.issue import Desk, Issue
from reports.lagebild.last_calls import last_calls
from reports.lagebild.letters import Letter, first_said, letters
from reports.lagebild.reasons import pressing_rest, reason
from reports.lagebild.remit_line import remit_line
from reports.lagebild.sources import source_table
from reports.lagebild.summary import headlines, key_figures, stale_notice
from reports.lagebild.whom_first import way
from reports.lagebild.words import due, product_name, title, why_closed
from reports.language import Language, capitalised
from reports.wording import OPPORTUNITY_STATES, URGENCIES, word
from sources.rows.text import mask_contacts

MOST_DRAWN = 5  # consortia with their chain in the issue: page 1 has as many calls
MOST_BEYOND = 6  # lines of the annex


def render(issue: Issue, language: str = "de") -> str:
    """The issue in one of `LANGUAGES`; raises UnfitHeadlines, UnsafeTable or a template error rather than guess."""
    desk, reader = issue.desk, Language(language)
    known = links.titles(desk, reader)
    return render_page(
        "lagebild/page.html",
        reader,
        issue=issue,
        is_sample=issue.is_sample,
        is_first=issue.previous is None,
        corrections=_corrections(issue, known, reader),
        remit=remit_line(issue, reader),
        headlines=[links.headline_links(headline, known, reader) for headline in headlines(desk, reader)],
        figures=key_figures(desk, reader),
        editions=_editions(issue, reader),
        stock=changes.stock(desk, reader),
        changes=changes.change_log(desk, reader),
        changed_elsewhere=changes.is_changed_beyond(desk),
        cards=cards.cards(desk, cards.chosen(desk, MOST_DRAWN), reader),
        muted=pointers.muted_notice(desk, reader),
        shortages=shortages.shortages(desk, reader),
        roles=shortages.missing_roles(desk, reader),
        history=where.history_chart(desk, reader),
        history_told=where.history_told(desk, reader),
        deadlines=deadlines(desk, reader),
        calendar=f"deadlines.{language}.ics",
        courses=courses.pictures(desk, reader),
        courses_told=courses.told(desk, reader),
        regions=where.regions(desk, reader),
        maps=where.maps(desk, reader),
        flow_chart=where.flow_chart(desk, reader),
        source_table=source_table(desk, reader),
        held=held_back_list(desk, reader),
        beyond=_beyond(desk, reader),
        list_file=(f"{issue.remit.address}{issue.week}/" if issue.remit.address else "") + f"list.{language}.html",
        workbook=f"matches.{language}.xlsx",
        **_came_of_it(desk, reader),
        **_first_page(desk, known, reader),
    )


def _came_of_it(desk: Desk, language: Language) -> dict[str, object]:
    """What came of earlier calls, and which cases still wait for an answer."""
    return {
        "unanswered": answers.waiting_table(desk, language),
        "outcomes": answers.outcome_table(desk, language),
        "last_calls": last_calls(desk, language),
    }


def _corrections(issue: Issue, known: links.Titles, language: Language) -> list[list[Markup]]:
    return [[links.with_links(line, known, language) for line in told(one, language)] for one in issue.corrections]


def _first_page(desk: Desk, known: links.Titles, language: Language) -> dict[str, object]:
    """What page 1 shows, whoever it is for."""
    rest = left_out(desk)
    found = called(desk)
    return {
        "calls": [
            _shown(desk, call, row, known, language) for call, row in zip(calls(desk, language), found, strict=True)
        ],
        "rest": links.with_links(pressing_rest(desk, rest, language), known, language) if rest else None,
        "notices": [
            links.with_links(sentence, known, language)
            for sentence in stale_notice(desk, [row["opportunity_id"] for row in called(desk)], language)
        ],
        "waiting": links.with_links(answers.waiting_notice(desk, language), known, language),
        "cases": links.cases_page(language),
        "proofs_page": links.proofs_page(language),
        "elsewhere": len(desk.beyond),
        "gaps_by_region": shortages.unmet_by_region(desk, language),
        "has_needs": bool(shortages.by_product(desk)),
    }


def _shown(desk: Desk, call: Call, row: Row, known: links.Titles, language: Language) -> dict[str, object]:
    """A call of page 1 with what to say: beside the first one it stands there, of the others on the sheet after it."""
    contacts: list[str] = list(call.tender)
    for party in call.parties:
        also = also_asked(desk, party, call.opportunity_id, language)
        line = short_line(desk, party, language)
        between = language.series(("", ""))
        contacts.append(Markup("").join((line, between, links.with_links(also, known, language))) if also else line)
    return {
        "text": first_said(desk, row, language),
        "call": call,
        "reason": reason(desk, row, language),
        "link": links.case_link(call.opportunity_id, call.title, language),
        "badge": word(OPPORTUNITY_STATES, row["state"], language),
        "contacts": contacts,
        "way": way(desk, row, language),
    }


def _editions(issue: Issue, language: Language) -> list[tuple[str, str]]:
    """Title and file of the first pages for single product groups."""
    return [
        (capitalised(product_name(issue.desk, group, language)), f"{group}.{language.code}.html")
        for group in issue.remit.editions
    ]


def render_group(issue: Issue, group: str, language: str = "de") -> str:
    """The first page for whoever answers for one product group: the same calls, of that group alone."""
    reader = Language(language)
    desk = issue.desk.of_group(group)
    known = links.titles(desk, reader)
    return render_page(
        "lagebild/group.html",
        reader,
        issue=issue,
        is_sample=issue.is_sample,
        group=capitalised(product_name(desk, group, reader)),
        shortages=shortages.shortages(desk, reader),
        courses=courses.pictures(desk, reader, is_edition=True),
        **_first_page(desk, known, reader),
    )


def _beyond(desk: Desk, language: Language) -> list[Markup]:
    """The first cases of the annex."""
    return [
        links.case_link(row["opportunity_id"], title(desk, row, language), language)
        for row in desk.beyond[:MOST_BEYOND]
    ]


@dataclass(frozen=True)
class Case:
    """A case on the page of all cases: in full with its texts to send, or in a few lines."""

    opportunity_id: str
    title: str
    state: str
    urgency: str | None
    change: str | None  # what this week changed
    card: cards.Card | None
    answer: answers.CardAnswers
    letters: Sequence[tuple[str, Letter]]  # with to whom it goes, in the reader's language
    lines: Sequence[str | Markup]


def render_cases(issue: Issue, language: str = "de") -> str:
    """All cases of the week by rank, those of calls in full and with texts to send."""
    desk, reader = issue.desk, Language(language)
    full = told_in_full(issue)
    made = {card.opportunity_id: card for card in cards.cards(desk, full, reader)}
    parts: dict[str, list[Row]] = {"full": full, "leading": [], "beyond": [], "over": []}
    for row in desk.opportunities:
        if row["opportunity_id"] not in made:
            parts[_part(desk, row)].append(row)
    return render_page(
        "lagebild/cases.html",
        reader,
        issue=issue,
        is_sample=issue.is_sample,
        parts={
            name: [_case(desk, row, made.get(row["opportunity_id"]), reader) for row in found]
            for name, found in parts.items()
        },
        issue_page=f"lagebild.{language}.html",
    )


def _part(desk: Desk, row: Row) -> str:
    """Under which heading of the page of cases a case stands that is not told in full."""
    if row["opportunity_id"] in desk.muted or row["state"] == "closed" or not row["consortium"]:
        return "over"
    return "leading" if desk.is_in_remit(row) else "beyond"


def told_in_full(issue: Issue) -> list[Row]:
    """The opportunities of all calls, those of the editions too, and the best news; each once, calls first."""
    found = {row["opportunity_id"]: row for row in cards.chosen(issue.desk)}
    for group in issue.remit.editions:
        found |= {row["opportunity_id"]: row for row in called(issue.desk.of_group(group))}
    return list(found.values())


def _case(desk: Desk, row: Row, card: cards.Card | None, language: Language) -> Case:
    urgency = row["consortium"]["urgency"] if row["consortium"] else "normal"
    return Case(
        opportunity_id=row["opportunity_id"],
        title=title(desk, row, language),
        state=word(OPPORTUNITY_STATES, row["state"], language),
        urgency=word(URGENCIES, urgency, language) if urgency in ("high", "critical") else None,
        change=changes.what_changed(desk, row, language) if row["state"] == "changed" else None,
        card=card,
        answer=answers.card_answers(desk, row, language),
        letters=[
            (listing_name(desk, letter.party.listing, language), letter)
            for letter in (letters(desk, row) if card else ())
        ],
        lines=() if card else list(_lines(desk, row, language)),
    )


def _lines(desk: Desk, row: Row, language: Language) -> list[str | Markup]:
    """A case in a few lines: what to do by when, whom to ask; or how it ended, or why it is muted."""
    earlier = pointers.earlier(desk, row, language)
    if mute := desk.muted.get(row["opportunity_id"]):
        until = language.gettext("stummgeschaltet bis einschließlich %(week)s", week=language.week(mute.last))
        return [language.labelled(until, mask_contacts(mute.reason)), *earlier]
    if row["state"] == "closed" or not row["consortium"]:
        return [why_closed(row, language), *earlier]
    when = language.series([str(due(desk, row, language)), age(desk, row, language)])
    others = language.series(cards.other_requests(desk, row, language))
    return [
        f"{what_to_do(desk, row, language)} {when}",
        *tender(desk, row, language),
        *(contact_line(desk, party, language) for party in parties(desk, row, language)[:3]),
        *([language.labelled(language.gettext("Ebenfalls offen"), others)] if others else []),
        *earlier,
    ]


def render_proofs(issue: Issue, language: str = "de") -> str:
    """The lists behind the figures of the issue."""
    desk, reader = issue.desk, Language(language)
    return render_page(
        "lagebild/proofs.html",
        reader,
        issue=issue,
        is_sample=issue.is_sample,
        proofs=proofs.proofs(desk, links.titles(desk, reader), reader),
        courses=courses.course_tables(desk, reader),
        workbook=f"matches.{language}.xlsx",
        issue_page=f"lagebild.{language}.html",
    )


def render_list(issue: Issue, language: str = "de") -> str:
    """All cases in one table to be searched and sorted: complete without its script, the only one of any page."""
    desk, reader = issue.desk, Language(language)
    lines, earlier = case_list.case_lines(desk, reader), case_list.earlier_lines(desk, reader)
    own_style, script = own_text("design/style.css") + own_text("lagebild/list.css"), own_text("lagebild/list.js")
    return render_page(
        "lagebild/list.html",
        reader,
        issue=issue,
        is_sample=issue.is_sample,
        lines=lines,
        earlier=earlier,
        choices=case_list.choices([*lines, *(earlier.lines if earlier else ())], reader),
        headings=[reader.gettext(text) for text in case_list.HEADINGS],
        own_style=own_style,
        script=script,
        policy=policy_of(own_style, script),
        issue_page=f"lagebild.{language}.html",
    )


def pages(issue: Issue, language: str) -> dict[str, str]:
    """All pages of an issue in a language, by file name."""
    return {
        f"lagebild.{language}.html": render(issue, language),
        f"cases.{language}.html": render_cases(issue, language),
        f"list.{language}.html": render_list(issue, language),
        f"proofs.{language}.html": render_proofs(issue, language),
        **{f"{group}.{language}.html": render_group(issue, group, language) for group in issue.remit.editions},
    }
