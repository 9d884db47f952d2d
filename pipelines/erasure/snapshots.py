"""Raw documents without what was erased: before they are kept, and again whenever somebody is erased.

Of an erased listing all words go that stand in none of its neighbours' rows; its row is then refused as "erased". That
its neighbours say what they said before is looked at each time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from pipelines.erasure.contents import cleaned
from pipelines.erasure.suppressed import Suppressed
from pipelines.erasure.texts import without
from pipelines.erasure.values import words_in
from sources.platform import PlatformError, RawDocument
from sources.platforms import PLATFORMS
from sources.rows.read import rows_seen
from sources.rows.text import ERASED_LISTING

_UNREADABLE = "held what was to be erased and could not be rewritten: ask for it as text or as a table"
_Rows = list[tuple[str, Mapping[str, str]]]
Phrase = tuple[str, ...]  # folded words


class NotErasable(PlatformError):
    """A listing cannot be taken out of a snapshot without harm to its neighbours; nothing of it is kept."""


def without_erased(
    platform: str, documents: Sequence[RawDocument], suppressed: Suppressed
) -> tuple[tuple[RawDocument, ...], frozenset[Phrase]]:
    """The documents as they may be kept, and the phrases of erased listings that were in them; raises NotErasable."""
    if not suppressed.entries:
        return tuple(documents), frozenset()
    known = tuple(_without(document, suppressed.cleaned, suppressed.clean) for document in documents)
    if not suppressed.listings_of(platform):
        return _named_apart(known), frozenset()
    rows = _rows(platform, known)
    phrases = _phrases(rows, [suppressed.is_erased(f"{platform}:{source_id}") for source_id, _ in rows])
    for chosen in (phrases, frozenset(phrase for phrase in phrases if len(phrase) > 1)):
        clean = phrase_cleaner(chosen)
        again = tuple(_without(one, partial(cleaned, clean=clean), clean) for one in known)
        if _others(_rows(platform, again)) == _others(rows, phrases):
            return _named_apart(again), phrases
    raise NotErasable(f"{platform}: an erased listing came back and cannot be taken out alone; nothing was kept")


def phrase_cleaner(phrases: frozenset[Phrase]) -> Callable[[str], str]:
    """Takes phrases out of a text, whatever stands between their words."""
    by_first: dict[str, list[Phrase]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        by_first.setdefault(phrase[0], []).append(phrase)

    def hits(text: str) -> Iterator[tuple[int, int, str]]:
        words = words_in(text)
        for place, (word, start, _) in enumerate(words):
            for phrase in by_first.get(word, ()):
                run = words[place : place + len(phrase)]
                if tuple(one for one, _, _ in run) == phrase:
                    yield start, run[-1][2], ERASED_LISTING
                    break

    return lambda text: without(text, hits) if by_first else text


def _without(
    document: RawDocument, clean_file: Callable[[bytes], bytes], clean_text: Callable[[str], str]
) -> RawDocument:
    content = clean_file(document.content)
    return replace(
        document,
        name=clean_text(document.name),
        url=clean_text(document.url),
        next_url=clean_text(document.next_url),
        content=content,
        refused=_UNREADABLE if document.content and not content else document.refused,
    )


def _named_apart(documents: Sequence[RawDocument]) -> tuple[RawDocument, ...]:
    """Names are unique in a snapshot; two that held one value each are no longer."""
    names: set[str] = set()
    apart = []
    for document in documents:
        name, number = document.name, 2
        while name in names:
            name, number = f"{number}-{document.name}", number + 1
        names.add(name)
        apart.append(replace(document, name=name))
    return tuple(apart)


def _rows(platform: str, documents: Sequence[RawDocument]) -> _Rows:
    """The rows of a snapshot, also of one that cannot be read to its end."""
    parse = next(one.parse for one in PLATFORMS if one.name == platform)
    with rows_seen() as seen:
        try:
            parse([document for document in documents if not document.refused])
        except Exception:  # what a parser stumbles over now, it stumbles over in the run, where it is told
            return seen
    return seen


def _phrases(rows: _Rows, is_erased: Sequence[bool]) -> frozenset[Phrase]:
    """What only erased rows say: fields of two words, or of one long one, that no other row or label holds."""
    others = " \n ".join(_joined(fields) for (_, fields), gone in zip(rows, is_erased, strict=True) if not gone)
    known = f" {' '.join(word for word, _, _ in words_in(others))} "
    phrases = set()
    for (_, fields), gone in zip(rows, is_erased, strict=True):
        for value in fields.values() if gone else ():
            # A text that was put together of several lines stands in pieces in the file.
            for line in value.splitlines():
                phrase = tuple(word for word, _, _ in words_in(line))
                is_telling = len(phrase) > 1 or (len(phrase) == 1 and len(phrase[0]) >= 4 and not phrase[0].isdigit())
                if is_telling and f" {' '.join(phrase)} " not in known:
                    phrases.add(phrase)
    return frozenset(phrases)


def _joined(fields: Mapping[str, str]) -> str:
    return "\n".join((*fields, *fields.values()))


def _others(rows: _Rows, phrases: frozenset[Phrase] = frozenset()) -> list[tuple[str, str]]:
    """What the rows say that hold nothing erased; with phrases, that would hold nothing once these are gone."""
    clean = phrase_cleaner(phrases)
    said = ((source_id, _joined(fields)) for source_id, fields in rows)
    return [one for one in said if ERASED_LISTING not in one[1] and clean(one[1]) == one[1]]
