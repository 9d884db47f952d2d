"""Sentences that say nothing about what a listing is about, because listings about other things say them too.

Three ways lead to them: sentences that stand word for word in three listings; those that are the same form of words
around a name or a town; and those that come near to a sentence in three others. The last way needs sentence vectors;
`NEAR` was measured on listings of 57 words whose boilerplate had a varying word in each sentence: without it nDCG@10
fell from 0.84 to 0.53, with it nothing was lost.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from itertools import chain

import numpy as np
from scipy import sparse

from matching.arrays import Flags, Integers, Vectors
from matching.texts.grid import ONE
from matching.texts.store import VectorStore
from matching.texts.terms import sentences
from matching.words import fold

NEAR = 0.7  # cosine
_WELL_SPREAD = 3  # a sentence that so many listings share is boilerplate, or one that comes near to so many others
_SHORTEST_TAIL = 5  # words of boilerplate that is looked for inside a sentence
# Sentences that all others are compared with: what stands in one listing of two hundred is found, in linear time.
_SAMPLE = 2_000
# A form of words: so many words that several listings share, and so much of the sentence. What varies in "Wir liefern …
# für Kliniken" is the product: too much of a short sentence.
_LEAST_FORM, _FORM_SHARE = 7, 0.7
_CHUNK = 2_000  # sentences compared with the sample at a time

Parts = list[list[str]]  # sentences of each text


def without_boilerplate(
    texts: Sequence[str],
    store: VectorStore | None = None,
    names_something: Callable[[str], bool] = lambda text: False,
) -> list[str]:
    """The texts without boilerplate, one sentence a line; a text never ends up empty.

    Whole texts that are alike (one firm posts the same offer three times) are counted once. names_something: whether a
    sentence names what can be asked for; one that does is dropped as nearly alike only where another one does too,
    because many offers of the same thing are worded much alike.
    """
    parts = [sentences(text) for text in texts]
    kept = _not_alike(_not_shared(parts), store, names_something)
    return ["\n".join(own) or text for own, text in zip(kept, texts, strict=True)]


def _not_shared(parts: Parts) -> Parts:
    """Without sentences that stand word for word in other texts."""
    spread: Counter[str] = Counter()
    for distinct in {tuple(found) for found in parts}:
        spread.update({fold(sentence) for sentence in distinct})
    shared = {sentence for sentence, count in spread.items() if count >= _WELL_SPREAD}
    endings = {_last_word(sentence) for sentence in shared}
    return [
        [
            _without_tail(sentence, shared) if _last_word(folded) in endings else sentence
            for sentence in found
            if (folded := fold(sentence)) not in shared
        ]
        for found in parts
    ]


def _last_word(folded: str) -> str:
    return folded[folded.rfind(" ") + 1 :]


def _without_tail(sentence: str, shared: Collection[str]) -> str:
    """The sentence without a shared one that was put after it with no full stop between.

    Every tail has to be folded: worth while only where the last word ends a shared sentence (0.4 of 10 s saved).
    """
    words = sentence.split()
    for start in range(1, len(words) - _SHORTEST_TAIL + 1):
        if fold(" ".join(words[start:])) in shared:
            return " ".join(words[:start])
    return sentence


def _not_alike(parts: Parts, store: VectorStore | None, names_something: Callable[[str], bool]) -> Parts:
    """Without sentences of texts of several that are much like sentences of other texts."""
    distinct = sorted({tuple(own) for own in parts if len(own) > 1})
    flat = [sentence for own in distinct for sentence in own]
    if not flat:
        return parts
    text = np.repeat(np.arange(len(distinct)), [len(own) for own in distinct])
    alike = _same_form(flat, text)
    if store is not None:
        alike |= _near_others(store.vectors(flat), text) >= _WELL_SPREAD
    ends = np.cumsum([len(own) for own in distinct])
    found = {
        own: _chosen(own, alike[end - len(own) : end].tolist(), names_something)
        for own, end in zip(distinct, ends.tolist(), strict=True)
    }
    return [found.get(tuple(own), own) for own in parts]


def _same_form(flat: Sequence[str], text: Integers) -> Flags:
    """Whether a sentence differs from one in two other texts by a few words only that hardly any text has."""
    words = [fold(sentence).split() for sentence in flat]
    of_text: dict[int, set[str]] = defaultdict(set)
    for own, one in zip(words, text.tolist(), strict=True):
        of_text[one].update(own)
    spread = Counter(chain.from_iterable(of_text.values()))
    forms = [tuple(word for word in own if spread[word] >= _WELL_SPREAD) for own in words]
    texts = Counter(form for form, _ in set(zip(forms, text.tolist(), strict=True)))
    return np.array(
        [
            len(form) >= max(_LEAST_FORM, _FORM_SHARE * len(own)) and texts[form] >= _WELL_SPREAD
            for form, own in zip(forms, words, strict=True)
        ],
        dtype=bool,
    )


def _near_others(vectors: Vectors, text: Integers) -> Integers:
    """Per sentence, in how many other texts of a sample a sentence comes near to it."""
    step = -(-len(vectors) // _SAMPLE)
    sample = np.arange(0, len(vectors), step)
    shape = (len(sample), int(text[-1]) + 1)
    of_text = sparse.csr_matrix((np.ones(len(sample)), (np.arange(len(sample)), text[sample])), shape=shape)
    counts, others = [], vectors[sample].T
    for start in range(0, len(vectors), _CHUNK):
        rows = slice(start, start + _CHUNK)
        likeness = vectors[rows] @ others
        row, column = np.nonzero(likeness > NEAR * ONE)
        above = sparse.coo_matrix((np.ones(len(row)), (row, column)), shape=likeness.shape)
        near = sparse.coo_matrix(sparse.csr_matrix(above) @ of_text)
        is_other = near.col != text[rows][near.row]
        counts.append(np.bincount(near.row[is_other], minlength=len(likeness)))
    return np.concatenate(counts)


def _chosen(own: tuple[str, ...], near: Sequence[bool], names_something: Callable[[str], bool]) -> list[str]:
    kept = [sentence for sentence, is_near in zip(own, near, strict=True) if not is_near]
    if len(kept) == len(own) or any(map(names_something, kept)):
        return kept
    return [sentence for sentence, is_near in zip(own, near, strict=True) if not is_near or names_something(sentence)]
