"""From a template and values to one self-contained HTML page.

Every value is escaped unless it is `Markup` made by this package; a missing value is an error. The page asks for
nothing from outside and runs nothing, and says so in its content security policy; the one page with a script of ours
(`policy_of`) runs that alone.
"""

import re
from base64 import b64encode
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from posixpath import normpath
from types import CodeType
from urllib.parse import urlsplit

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from reports.language import Language

# Another page of this issue, of another issue or of a replaced edition: a file of ours, and a place on it.
_ISSUE_LINK = re.compile(
    r"(?:(?:\.\./)*(?:\d{4}-W\d{2}|edition-\d+)/|\.\./)?[a-z_]+(?:\.[a-z]{2})?\.(?:html|csv|xlsx|ods|ics|svg)(?:#[\w-]+)?"
    r"|datapackage\.json|statistics\.csv-metadata\.json|dcat\.(?:jsonld|ttl)"
)


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


@lru_cache(maxsize=50_000)  # asked for every listing of a long week in three languages
def outside_url(url: str | None) -> str:
    """The address of a page elsewhere if a reader may follow it, else nothing: https:, a host, no more than it shows.

    Refused is what looks like another host than it is: a name before an @, letters beyond ASCII.
    """
    text = safe_url(url)
    is_plain = text.startswith("https://") and text.isascii() and "@" not in urlsplit(text).netloc
    return text if is_plain else ""


_FILE_LINK = re.compile(r'(<a(?: [^>]*)? href=")(?!#|https:|mailto:)([^"]*)')


_FOLDER_LINK = re.compile(rb'(<a(?: [^>]*)? href=")(?=\.\./|edition-\d)')


def moved(page: bytes, lead: str) -> bytes:
    """A page as it must stand elsewhere: its links to files begin with `lead`, the way back to where it stood."""
    return _FILE_LINK.sub(lambda found: found[1] + normpath(lead + found[2]), page.decode()).encode()


def moved_below(page: bytes) -> bytes:
    """A page as it must stand one folder deeper, together with all that lay beside it: other folders lie further up."""
    return _FOLDER_LINK.sub(rb"\1../", page)


@cache
def own_text(path: str) -> Markup:
    """A style sheet or script of this package, e.g. ``design/style.css``; ours, so it may stand in a page unescaped."""
    return Markup(files("reports").joinpath(path).read_text(encoding="utf-8"))  # noqa: S704 our own file


def policy_of(own_style: str, script: str) -> str:
    """The content security policy (level 3) of a page that runs one script of ours, and nothing else.

    It allows what stands in its one ``<style>`` and its one ``<script>``, letter for letter, loads nothing, and refuses
    every text that would be read as markup (trusted types).
    """

    def digest(text: str) -> str:
        return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"

    return (
        f"default-src 'none'; style-src {digest(own_style)}; script-src {digest(script)}; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


class _Compiled(BytecodeCache):
    """Templates compiled once for all languages, which differ in texts alone."""

    def __init__(self) -> None:
        self._of: dict[str, CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._of.get(bucket.key):
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._of[bucket.key] = bucket.code


_COMPILED = _Compiled()


@cache
def _environment(code: str) -> Environment:
    language = Language(code)
    environment = Environment(
        loader=PackageLoader("reports", ""),
        autoescape=True,
        undefined=StrictUndefined,
        bytecode_cache=_COMPILED,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.install_gettext_translations(language.translations, newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    environment.filters["url"] = safe_url
    environment.filters["country_name"] = language.country
    environment.globals.update(language=language, style=own_text("design/style.css"))
    return environment


def render_page(template: str, language: Language, **values: object) -> str:
    """Fill a template, e.g. ``lagebild/page.html``; unknown names raise jinja2.UndefinedError."""
    return _environment(language.code).get_template(template).render(values)
