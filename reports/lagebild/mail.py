"""The issue as a mail: what page 1 says, in plain text and in HTML without style sheets or charts of its own.

Mail programs know no variables and no SVG, so the digest has a small template and its style is written into the tags.
The message is complete but unsent; who sends it, and when, is another step.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from email.headerregistry import Group
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

import css_inline

from reports.design.page import render_page
from reports.lagebild import answers
from reports.lagebild.calls import Call, calls, contact_line, in_lines
from reports.lagebild.corrections import told
from reports.lagebild.issue import Desk, Issue
from reports.lagebild.links import cases_page
from reports.lagebild.pointers import muted_notice
from reports.lagebild.summary import headlines, key_figures, stale_notice
from reports.language import Language

SENDER_DOMAIN = "verbundradar.example"


def as_mail(issue: Issue, language: str = "de") -> bytes:
    """The digest as a message in the form of RFC 5322, still without sender; the same issue gives the same bytes."""
    desk, reader = issue.desk, Language(language)
    to_do = calls(desk, reader)
    sentences = [headline.sentence for headline in headlines(desk, reader)]
    notices = [sentence for correction in issue.corrections for sentence in told(correction, reader)]
    notices += stale_notice(desk, [call.opportunity_id for call in to_do], reader)
    if waiting := answers.waiting_notice(desk, reader):
        notices.append(waiting)
    if muted := muted_notice(desk, reader):
        notices.append(f"{muted}.")
    page = render_page(
        "lagebild/mail.html",
        reader,
        issue=issue,
        is_sample=issue.is_sample,
        headlines=sentences,
        notices=notices,
        figures=key_figures(desk, reader),
        calls=[(call, _ways(desk, call, reader)) for call in to_do],
        answers=answers.all_answers(desk, [call.opportunity_id for call in to_do], reader),
        cases=_cases(issue, reader),
    )
    page = css_inline.CSSInliner(load_remote_stylesheets=False).inline(page)
    message = EmailMessage(policy=SMTP)
    message["To"] = Group("undisclosed-recipients")  # who gets it is the envelope's business
    subject = reader.gettext("Lagebild Kooperation, %(week)s", week=reader.week(issue.week))
    message["Subject"] = reader.gettext("Korrektur: %(title)s", title=subject) if issue.corrections else subject
    corrected = [datetime.combine(correction.on, time(), UTC) for correction in issue.corrections]
    message["Date"] = max([issue.week.ends_at, *corrected])
    plain = _plain(desk, sentences, notices, to_do, reader)
    message["Message-ID"] = f"<{issue.week}.{language}.{sha256(plain.encode()).hexdigest()[:16]}@{SENDER_DOMAIN}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(plain)
    message.add_alternative(page, subtype="html")
    message["Content-Language"] = language
    # The boundary between the parts is random unless it is given.
    message.set_boundary(f"part-{sha256(page.encode()).hexdigest()[:24]}")
    return message.as_bytes()


def _ways(desk: Desk, call: Call, language: Language) -> list[str]:
    return [*call.tender, *(contact_line(desk, party, language) for party in call.parties)]


def _cases(issue: Issue, language: Language) -> str:
    """The absolute address of the page of cases; empty where nobody said where the archive stands."""
    return f"{issue.remit.address}{issue.week}/{cases_page(language)}" if issue.remit.address else ""


def _plain(
    desk: Desk, sentences: Sequence[str], notices: Sequence[str], to_do: Sequence[Call], language: Language
) -> str:
    lines = [language.gettext("Zuerst anrufen"), ""]
    for number, call in enumerate(to_do, start=1):
        title, *rest = in_lines(desk, call, language)
        lines += [f"{number}. {title}", *(f"   {line}" for line in rest)]
        if cases := _cases(desk.issue, language):
            lines.append(
                "   " + language.labelled(language.gettext("Texte zum Senden"), f"{cases}#text-{call.opportunity_id}")
            )
        lines.append("")
    if not to_do:
        lines += [language.gettext("In dieser Woche ist niemand anzurufen."), ""]
    lines += [language.gettext("Auf einen Blick"), "", *(f"- {sentence}" for sentence in sentences), "", *notices]
    # One line break per line of ours: text from platforms cannot start a line.
    return "\n".join(" ".join(line.split("\n")) for line in lines) + "\n"
