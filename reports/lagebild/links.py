"""Links within an issue and to others: from a number to its card or list, and to an issue that told of it before."""

import re
from collections.abc import Mapping

from markupsafe import Markup

from reports.design.page import ISSUE_LINK_CLASS
from reports.lagebild.muted import OPPORTUNITY_ID
from reports.lagebild.summary import Headline
from reports.language import Language
from sources.week import Week

Titles = Mapping[str, str]  # of the opportunities whose card stands on the page, by number


def number(opportunity_id: str) -> Markup:
    """The number of an opportunity, never broken over lines."""
    return Markup('<span class="id">{}</span>').format(opportunity_id)


def title_link(opportunity_id: str, text: str, with_card: Titles) -> str:
    """A title that leads to the opportunity's card if it stands on the page; two may bear the same, numbers differ."""
    if opportunity_id not in with_card:
        return text
    return Markup('<a href="#{0}" aria-label="{0}: {1}">{1}</a>').format(opportunity_id, text)


def with_links(sentence: str, with_card: Titles) -> Markup:
    """A sentence in which every number of an opportunity leads to its card; read aloud, the link says its title."""
    link = Markup('<a class="id" href="#{0}" aria-label="{0}: {1}">{0}</a>')
    parts = [
        part if not position % 2 else link.format(part, with_card[part]) if part in with_card else number(part)
        for position, part in enumerate(re.split(f"({OPPORTUNITY_ID})", sentence))
    ]
    return Markup("").join(parts)


def headline_links(headline: Headline, with_card: Titles) -> Markup:
    """A headline whose number leads to its list, and whose opportunities to their cards."""
    before, _, after = headline.sentence.partition(headline.count)
    link = Markup('<a class="count" href="#{}">{}</a>').format(headline.target, headline.count)
    return with_links(before, with_card) + link + with_links(after, with_card)


def issue_link(week: Week, opportunity_id: str, language: Language) -> Markup:
    """A link to an opportunity in the issue of another week, which stands beside this one in the archive."""
    page = f"../{week}/lagebild.{language.code}.html#{opportunity_id}"
    text = language.gettext("Ausgabe %(week)s", week=language.week(week))
    return Markup('<a class="{}" href="{}">{}</a>').format(ISSUE_LINK_CLASS, page, text)
