"""Words of one name that another writes by their first letters: "LMU München", "HC" for "Health Centre"."""

import numpy as np
import numpy.typing as npt

from matching.arrays import Flags
from matching.organisations.institutions import SHORT_FORM, TraitFlags, own_acronym
from matching.organisations.names import Names

_SAFE = 3  # letters from which further ones may come from inside a word


def add_short_forms(
    names: Names,
    words: list[npt.NDArray[np.int32]],
    traits: list[TraitFlags],
    open_: list[Flags],
    near: tuple[Flags, Flags],
) -> Flags:
    """Mark in ``near`` what is a short form of a run of words on the other side, and these words; [pairs] where any is.

    words, traits, open_, near: of both sides, [words, pairs]; open words have no partner yet. Few pairs have a short
    open word beside words that begin with its letters; only these are looked at one by one, each combination once.
    """
    found = np.zeros(words[0].shape[1], bool)
    known: dict[tuple[int, tuple[int, ...]], tuple[int, int]] = {}
    for one, other in ((0, 1), (1, 0)):
        several = words[other][1] >= 0 if len(words[other]) > 1 else found
        enough = np.flatnonzero(np.bitwise_or.reduce(open_[other], axis=0) & several)
        place, at = np.nonzero((open_[one] & (traits[one] & SHORT_FORM > 0)).take(enough, axis=1))
        at = enough[at]
        fits = _may_stand_for(
            names, words[one][place, at], words[other].take(at, axis=1), open_[other].take(at, axis=1)
        )
        for pair, word in zip(at[fits].tolist(), place[fits].tolist(), strict=True):
            others = [number for number in words[other][:, pair].tolist() if number >= 0]
            key = (int(words[one][word, pair]), tuple(others))
            if key not in known:
                known[key] = _run(names.texts[key[0]], tuple([names.texts[number] for number in others]))
            run = slice(*known[key])
            if run.stop and open_[other][run, pair].any():
                found[pair] = near[one][word, pair] = True
                near[other][run, pair] = True
    return found


def _may_stand_for(names: Names, short: npt.NDArray[np.int32], words: npt.NDArray[np.int32], open_: Flags) -> Flags:
    """[pairs] where a short word may stand for a run of words of the other name, as far as letters tell.

    Its letters occur in them, an open one begins like it, and where one begins like it the next one begins with one of
    its letters. words, open_: [words, pairs].
    """
    letters, initial = names.word_shape.letters, names.traits.initial
    own, begin = letters[short], initial[words]
    begins = begin == initial[short]
    next_is_in = np.left_shift(np.uint64(1), begin[1:].astype(np.uint64) & np.uint64(63)) & own != 0
    runs = _any(begins[:-1] & next_is_in & (begin[1:] > 0))
    held = np.bitwise_or.reduce(letters[words], axis=0)
    return np.asarray(runs & _any(begins & open_) & (own & ~held == 0))


def _any(flags: Flags) -> Flags:
    return np.asarray(np.bitwise_or.reduce(flags, axis=0))


def _run(short: str, words: tuple[str, ...]) -> tuple[int, int]:
    """Where the run of two or more words begins and ends that a short form stands for; (0, 0) without."""
    initials = "".join([word[0] for word in words])
    start = initials.find(short)
    if start >= 0:
        return start, start + len(short)
    if len(short) >= _SAFE:
        for begin in range(len(words) - 1):
            for end in range(min(len(words), begin + len(short)), begin + 1, -1):
                # "zoo" begins "zoofreunde ost" and is not its short form.
                if not words[begin].startswith(short[:2]) and own_acronym(short, words[begin:end]):
                    return begin, end
    return 0, 0
