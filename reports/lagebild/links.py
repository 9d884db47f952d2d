"""Links within an issue and to others: from a number to its case or list, and to an issue that told of it before."""

import re
from collections.abc import Mapping
from functools import lru_cache

from markupsafe import Markup

from reports.lagebild.issue import Desk
from reports.lagebild.muted import OPPORTUNITY_ID
from reports.lagebild.summary import Headline
from reports.lagebild.words import title
from reports.language import NO_BREAK_SPACE, Language
from sources.week import Week

Titles = Mapping[str, str]  # of opportunities that have a place on the page of cases, by number


def cases_page(language: Language) -> str:
    """The file of the page with all cases, beside the issue."""
    return f"cases.{language.code}.html"


def proofs_page(language: Language) -> str:
    """The file of the page with the lists behind the figures, beside the issue."""
    return f"proofs.{language.code}.html"


def titles(desk: Desk, language: Language) -> Titles:
    """Titles of all opportunities of the week: each has its place on the page of cases."""
    return {row["opportunity_id"]: title(desk, row, language) for row in desk.opportunities}


def number(opportunity_id: str) -> Markup:
    """The number of an opportunity, never broken over lines."""
    return Markup('<span class="id">{}</span>').format(opportunity_id)


def case_link(opportunity_id: str, text: str, language: Language) -> Markup:
    """A title that leads to its case; two cases may bear the same, numbers differ."""
    page = cases_page(language)
    return Markup('<a href="{2}#{0}" aria-label="{0}: {1}">{1}</a>').format(opportunity_id, text, page)


def with_links(sentence: str, known: Titles, language: Language) -> Markup:
    """A sentence in which every number of an opportunity leads to its case; read aloud, the link says its title."""
    page = cases_page(language)
    parts = [
        part if not position % 2 else _numbered(part, known[part], page) if part in known else number(part)
        for position, part in enumerate(re.split(f"({OPPORTUNITY_ID})", sentence))
    ]
    return Markup("").join(parts)


@lru_cache(maxsize=50_000)  # lists name the same cases again and again
def _numbered(opportunity_id: str, title: str, page: str) -> Markup:
    return Markup('<a class="id" href="{2}#{0}" aria-label="{0}: {1}">{0}</a>').format(opportunity_id, title, page)


def headline_links(headline: Headline, known: Titles, language: Language) -> Markup:
    """A headline whose number leads to its list, and whose opportunities to their cases."""
    before, _, after = headline.sentence.partition(headline.count)
    link = Markup('<a class="count" href="{}#{}">{}</a>').format(proofs_page(language), headline.target, headline.count)
    return with_links(before, known, language) + link + with_links(after, known, language)


def issue_link(week: Week, opportunity_id: str, language: Language) -> Markup:
    """A link to an opportunity in the issue of another week, which stands beside this one in the archive."""
    page = f"../{week}/{cases_page(language)}#{opportunity_id}"
    text = language.week(week).replace(" ", NO_BREAK_SPACE)
    return Markup('<a href="{}" aria-label="{}, {}">{}</a>').format(page, text, opportunity_id, text)
