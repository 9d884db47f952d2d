"""From a template and values to one self-contained HTML page.

Every value is escaped unless it is `Markup` made by this package; a missing value is an error. The page asks for
nothing from outside and runs nothing, and says so in its content security policy.
"""

import re
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports.language import Language

ISSUE_LINK_CLASS = "issue"  # marks links that must change when a page is stored elsewhere
_ISSUE_LINK = re.compile(r"(?:\.\./\d{4}-W\d{2}|\.\.|edition-\d+)/lagebild(?:\.[a-z]{2})?\.html(?:#[\w-]+)?")


def safe_url(url: str | None) -> str:
    """The address if a reader may follow it, else ``#``: https:, mailto:, a place on the page, another issue."""
    text = (url or "").strip()
    if any(character <= " " or character in "\"'<>`\\" for character in text):
        return "#"
    try:
        parts = urlsplit(text)
    except ValueError:
        return "#"
    if (
        text.startswith("#")
        or _ISSUE_LINK.fullmatch(text)
        or (parts.scheme == "https" and parts.netloc)
        or (parts.scheme == "mailto" and parts.path)
    ):
        return text
    return "#"


@cache
def style() -> Markup:
    """The one stylesheet; ours, so it may stand in the page unescaped."""
    return Markup(files("reports").joinpath("design/style.css").read_text(encoding="utf-8"))  # noqa: S704 our own file


@cache
def _environment(code: str) -> Environment:
    language = Language(code)
    environment = Environment(
        loader=PackageLoader("reports", ""),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.install_gettext_translations(language.translations, newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    environment.filters["url"] = safe_url
    environment.globals.update(language=language, style=style())
    return environment


def render_page(template: str, language: Language, **values: object) -> str:
    """Fill a template, e.g. ``lagebild/page.html``; unknown names raise jinja2.UndefinedError."""
    return _environment(language.code).get_template(template).render(values)
