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

    words, open_, near: of both sides, [words, pairs]; open words have no partner yet. Few pairs have a short open word
    beside an open one that begins like it and words that hold all its letters; only these are looked at one by one,
    each combination once.
    """
    length = names.word_shape.length
    letter = names.traits.initial
    short = (length >= _SHORTEST) & (length <= _LONGEST) & (letter > 0)
    letters = names.word_shape.letters
    found = np.zeros(words[0].shape[1], bool)
    known: dict[tuple[int, tuple[int, ...]], tuple[int, int]] = {}
    for one, other in ((0, 1), (1, 0)):
        several = words[other][1] >= 0 if len(words[other]) > 1 else found
        enough = np.flatnonzero(np.bitwise_or.reduce(open_[other], axis=0) & several)
        place, at = np.nonzero(open_[one][:, enough] & short[words[one][:, enough]])
        at = enough[at]
        begins = letter[words[one][place, at]] == letter[words[other][:, at]]
        held = np.bitwise_or.reduce(letters[words[other][:, at]], axis=0)
        fits = np.bitwise_or.reduce(begins & open_[other][:, at], axis=0) & (
            letters[words[one][place, at]] & ~held == 0
        )
        for pair, word in zip(at[fits].tolist(), place[fits].tolist(), strict=True):
            others = [number for number in words[other][:, pair].tolist() if number >= 0]
            key = (int(words[one][word, pair]), tuple(others))
            if key not in known:
                known[key] = _run(names.texts[key[0]], tuple([names.texts[number] for number in others]))
            run = slice(*known[key])
            if open_[other][run, pair].any():
                found[pair] = near[one][word, pair] = True
                near[other][run, pair] = True
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
                # "zoo" begins "zoofreunde ost" and is not its short form.
                if not words[begin].startswith(short[:2]) and own_acronym(short, words[begin:end]):
                    return begin, end
    return 0, 0
