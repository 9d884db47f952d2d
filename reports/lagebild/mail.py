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
from reports.lagebild.corrections import told
from reports.lagebild.issue import Issue
from reports.lagebild.pointers import muted_notice
from reports.lagebild.summary import Action, actions, headlines, key_figures, stale_notice
from reports.language import Language

SENDER_DOMAIN = "verbundradar.example"


def as_mail(issue: Issue, language: str = "de") -> bytes:
    """The digest as a message in the form of RFC 5322, still without sender; the same issue gives the same bytes."""
    desk, reader = issue.desk, Language(language)
    to_do = actions(desk, reader)
    sentences = [headline.sentence for headline in headlines(desk, reader)]
    notices = [sentence for correction in issue.corrections for sentence in told(correction, reader)]
    notices += stale_notice(desk, [action.opportunity_id for action in to_do], reader)
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
        actions=to_do,
        answers=answers.all_answers(desk, [action.opportunity_id for action in to_do], reader),
    )
    page = css_inline.CSSInliner(load_remote_stylesheets=False).inline(page)
    message = EmailMessage(policy=SMTP)
    message["To"] = Group("undisclosed-recipients")  # who gets it is the envelope's business
    subject = reader.gettext("Lagebild Kooperation, %(week)s", week=reader.week(issue.week))
    message["Subject"] = reader.gettext("Korrektur: %(title)s", title=subject) if issue.corrections else subject
    corrected = [datetime.combine(correction.on, time(), UTC) for correction in issue.corrections]
    message["Date"] = max([issue.week.ends_at, *corrected])
    plain = _plain(sentences, notices, to_do, reader)
    message["Message-ID"] = f"<{issue.week}.{language}.{sha256(plain.encode()).hexdigest()[:16]}@{SENDER_DOMAIN}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(plain)
    message.add_alternative(page, subtype="html")
    message["Content-Language"] = language
    # The boundary between the parts is random unless it is given.
    message.set_boundary(f"part-{sha256(page.encode()).hexdigest()[:24]}")
    return message.as_bytes()


def _plain(sentences: Sequence[str], notices: Sequence[str], to_do: Sequence[Action], language: Language) -> str:
    lines = [language.gettext("Auf einen Blick"), ""]
    lines += [f"{number}. {sentence}" for number, sentence in enumerate(sentences, start=1)]
    lines += ["", *notices, "", language.gettext("Jetzt entscheiden: wer, was, bis wann"), ""]
    for action in to_do:
        lines.append(f"{action.opportunity_id}  {language.weekday(action.due_on)}  {action.title}")
        lines.append("    " + language.labelled(action.who, f"{action.step} ({action.call})"))
    if not to_do:
        lines.append(language.gettext("In dieser Woche ist nichts zu entscheiden."))
    # One line break per line of ours: text from platforms cannot start a line.
    return "\n".join(" ".join(line.split("\n")) for line in lines) + "\n"
