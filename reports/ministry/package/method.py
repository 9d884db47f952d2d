"""The method sheet that goes with every release."""

from reports.design.page import render_page
from reports.language import Language
from reports.ministry.package.release import Office, Release
from reports.ministry.package.sheets import facts


def method_page(release: Release, office: Office, language: Language) -> bytes:
    """What is counted, withheld and audited, and whom to ask, in a reader's language."""
    return render_page(
        "ministry/package/method.html",
        language,
        title=release.title(language),
        period=release.period(language),
        is_sample=release.is_sample,
        is_weekly=release.is_weekly,
        facts=facts(release, office, language),
    ).encode()
