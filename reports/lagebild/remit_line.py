"""For whom an issue is written, in words: under its title, and in a correction of it."""

from reports.lagebild.issue import Issue
from reports.lagebild.remit import Remit
from reports.language import Language
from reports.wording import plural, region


def remit_text(remit: Remit, language: Language) -> str:
    """Where those sit whose needs lead, and of which product groups they are where not all do."""
    places = [region(country, code, language) for country, _, code in (one.partition("-") for one in remit.regions)]
    where = language.list(places or [language.country(code) for code in remit.countries])
    if not remit.groups:
        return where
    groups = language.list(plural(group, language) or group for group in remit.groups)
    return language.gettext("%(places)s, nur %(groups)s", places=where, groups=groups)


def remit_line(issue: Issue, language: Language) -> str:
    """The remit of an issue, and that of the issue before where it was another one."""
    told = language.gettext("Gebiet: Gesuche aus %(remit)s.", remit=remit_text(issue.remit, language))
    before = issue.remits.get(issue.previous) if issue.previous else None
    if issue.previous is None or before is None or before.facts() == issue.remit.facts():
        return told
    week, other = language.week(issue.previous), remit_text(before, language)
    return f"{told} " + language.gettext("In %(week)s war es: %(remit)s.", week=week, remit=other)
