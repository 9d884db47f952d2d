"""Words of one name that another writes by their first letters: "LMU München", "HC" for "Health Centre"."""

import numpy as np
import numpy.typing as npt

from matching.arrays import Flags
from matching.organisations.institutions import own_acronym
from matching.organisations.names import Names

_SHORTEST, _LONGEST = 2, 6  # letters
_SAFE = 3  # letters from which further ones may come from inside a word


def add_short_forms(
    names: Names, words: list[npt.NDArray[np.int32]], open_: list[Flags], near: tuple[Flags, Flags]
) -> Flags:
    """Mark in ``near`` what is a short form of a run of words on the other side, and these words; [pairs] where any is.

    words, open_, near: of both sides, [pairs, words]; open words have no partner yet. Few pairs have a short open word
    beside an open one that begins like it; only these are looked at one by one, each combination once.
    """
    length = names.word_shape.length
    letter = names.traits.initial
    short = (length >= _SHORTEST) & (length <= _LONGEST) & (letter > 0)
    found = np.zeros(len(words[0]), bool)
    known: dict[tuple[int, tuple[int, ...]], tuple[int, int]] = {}
    for one, other in ((0, 1), (1, 0)):
        several = words[other][:, 1] >= 0 if words[other].shape[1] > 1 else found
        enough = np.flatnonzero(np.bitwise_or.reduce(open_[other].T, axis=0) & several)
        row, column = np.nonzero(open_[one][enough] & short[words[one][enough]])
        row = enough[row]
        begins = letter[words[one][row, column]][:, None] == letter[words[other][row]]
        some = np.bitwise_or.reduce((begins & open_[other][row]).T, axis=0)
        for at, place in zip(row[some].tolist(), column[some].tolist(), strict=True):
            places = np.flatnonzero(words[other][at] >= 0).tolist()
            key = (int(words[one][at, place]), tuple(words[other][at, places].tolist()))
            if key not in known:
                known[key] = _run(names.texts[key[0]], tuple([names.texts[word] for word in key[1]]))
            run = places[slice(*known[key])]
            if run and open_[other][at, run].any():
                found[at] = near[one][at, place] = True
                near[other][at, run] = True
    return found


def _run(short: str, words: tuple[str, ...]) -> tuple[int, int]:
    """Where the run of two or more words begins and ends that a short form stands for; (0, 0) without."""
    initials = "".join([word[0] for word in words])
    start = initials.find(short)
    if start >= 0:
        return start, start + len(short)
    if len(short) >= _SAFE:
        for begin in range(len(words) - 1):
            for end in range(min(len(words), begin + len(short)), begin + 1, -1):
                if own_acronym(short, words[begin:end]):
                    return begin, end
    return 0, 0
