"""Terms of a listing for comparison by words: language, sentences, lemmas, parts of compounds.

Unlike the names of the taxonomy (`taxonomy.finding`), which meet any word on a rough stem, terms are lemmas of the
listing's own language, by `simplemma`; German compounds count as a whole and by their parts.
"""

import re
from collections.abc import Collection
from functools import lru_cache, partial

import simplemma
import stopwordsiso
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from matching.taxonomy.concepts import LANGUAGES
from matching.words import fold

# Words that every offer or request holds say nothing about what it is.
_BOARD_WORDS = {
    "de": "suche suchen sucht gesucht biete bieten bietet angebot anbieten gesuch bedarf benötigen benötigt brauchen "
    "braucht dringend verfügbar lieferbar lieferung liefern stück firma unternehmen bitte kontakt sofort kurzfristig "
    "möglich stellen neu woche tag monat jahr",
    "fr": "cherche chercher recherche rechercher besoin offre offrir propose proposer disponible livraison livrer "
    "pièce entreprise société urgent contact immédiat semaine jour mois an",
    "en": "need needs seek seeking look looking wanted offer offers offering available delivery deliver piece company "
    "urgent urgently please contact immediately week day month year",
}
_TOKEN = re.compile(r"[^\W\d_]{2,}|\w*\d\w*", re.UNICODE)
_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+|\n+|\s•\s")
_LINKS = ("", "s", "es", "n", "en", "e", "er", "ens")
_SHORTEST_PART = 4
# Dictionaries read where they lie: 140 MB less a process and loaded in half the time (1.2 instead of 2 CPU s). A lookup
# costs 40 instead of 3 µs, of which the small week has 4,300.
_lemma = partial(simplemma.lemmatize, low_memory=True)
_is_known = partial(simplemma.is_known, low_memory=True)


def lower_shouting(text: str) -> str:
    """Lower case where whole words shout; short abbreviations (FFP2, OP, CNC) stay."""
    return " ".join(
        word.lower() if word.isupper() and len(word) > 5 and word.isalpha() else word for word in text.split()
    )


def sentences(text: str) -> list[str]:
    return [sentence.strip() for sentence in _SENTENCE_END.split(text) if sentence.strip()]


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(LANGUAGES))
    return identifier


def identify_language(text: str) -> str:
    """The likeliest of our languages, as ISO 639-1."""
    language: str = _identifier().classify(text)[0]
    return language


@lru_cache(maxsize=8)
def _stop_words(language: str) -> frozenset[str]:
    general: Collection[str] = stopwordsiso.stopwords(language) if stopwordsiso.has_lang(language) else ()
    return frozenset(map(fold, general)) | frozenset(map(fold, _BOARD_WORDS.get(language, "").split()))


def terms(text: str, language: str) -> list[str]:
    """Folded lemmas of a text in order, stop words left out, compounds followed by their parts."""
    return [term for word in _TOKEN.findall(text.lower()) for term in _terms_of_word(word, language)]


@lru_cache(maxsize=500_000)
def _terms_of_word(word: str, language: str) -> tuple[str, ...]:
    if language not in LANGUAGES:
        return (fold(word),)
    lemma = _lemma(word, lang=language).lower()
    found = [lemma, *(_compound_parts(lemma) if language == "de" else ())]
    stop_words = _stop_words(language)
    return tuple(
        term for part in found if (term := fold(part)) and term not in stop_words and fold(word) not in stop_words
    )


@lru_cache(maxsize=200_000)
def _compound_parts(word: str) -> tuple[str, ...]:
    """Lemmas of the known parts of a German compound, none if it does not come apart; the longest head wins."""
    for start in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        head, front = word[start:], word[:start]
        if not _is_known(head, lang="de"):
            continue
        for link in _LINKS:
            bare = front.removesuffix(link)
            if front.endswith(link) and len(bare) >= _SHORTEST_PART:
                head_lemma = _lemma(head, lang="de").lower()
                if _is_known(bare, lang="de"):
                    return (_lemma(bare, lang="de").lower(), head_lemma)
                if parts := _compound_parts(bare):
                    return (*parts, head_lemma)
    return ()
