"""The digest by mail."""

import email
import email.policy
from collections.abc import Callable

import pytest

from reports.lagebild import Issue
from reports.lagebild.mail import as_mail
from reports.language import LANGUAGES
from reports.privacy import find_contacts

MakeIssue = Callable[..., Issue]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mail_says_what_page_1_says(
    issue_of: MakeIssue, language: str, findings_in: Callable[[str], list[str]]
) -> None:
    content = as_mail(issue_of(), language)
    assert content == as_mail(issue_of(), language)
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["To"] == "undisclosed-recipients:;"
    plain, page = (message.get_body([kind]).get_content() for kind in ("plain", "html"))
    assert "K-2020-17-01" in plain
    assert "var(" not in page
    assert "<svg" not in page
    assert [finding for finding in findings_in(page) if not finding.startswith("style=")] == []
    assert find_contacts(page) == find_contacts(plain) == []
