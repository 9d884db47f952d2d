"""How alike two names are, and what their legal forms add.

Words that both names hold count by their rarity; what stands alone on either side counts against, less so after a
dash or in brackets. Everything is symmetric in the two names.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from matching.arrays import Flags, Floats, Hashes, Integers
from matching.messages import N_
from matching.organisations.alignment import WordTable, align, any_word
from matching.organisations.alone_words import AlonePairs, Places, alone_pairs
from matching.organisations.forms_in_names import COMPANIES, tells_form
from matching.organisations.institutions import SISTER
from matching.organisations.levels import MISSING, Comparison, Level, otherwise, unstated
from matching.organisations.names import Names
from matching.organisations.spellings import one_slip

Bits = npt.NDArray[np.floating]

_COMMON = 6.0  # bits; a common word of the languages has 5.6, see `frequencies`
_LONGEST_ACRONYM = 5  # letters of a name that may be an acronym whatever it stands for
_SHORTEST_CUT = 20  # letters of a name that the end of a field may cut: the narrowest fields of registers hold 28


class FormPairs(NamedTuple):
    """What is seen of the legal forms of pairs of names. All [pairs].

    both: each name has a full one. one_sided: only one has any. equal, same_family: of the forms.
    company: one is a company, the other has no form at all.
    """

    both: Flags
    one_sided: Flags
    equal: Flags
    same_family: Flags
    company: Flags


class NamePairs(NamedTuple):
    """What is seen of pairs of names. All but `table_bits` [pairs].

    table_bits: log2 of the size of the table, what it takes to find one record. known: both have words. equal: the
    same words in any order. in_order: these are written together alike. glued: written together alike. respelt: every
    word is on both sides, some spelt otherwise. one_slip: written together one letter apart, only where none of these
    holds. bits, shared_bits, alone_bits: of all words of the first, of shared ones, of all that stand alone.
    jaccard: shared of all bits. one_sided: one name holds all of the other. numbers_differ, acronym: as they say.
    sister: a word of daughters and parents on one side only. head: one name is the other's head; same_head, head_bits:
    both have it. named_aside: one name is what the other says in brackets or after a break. own_initials: no
    third name has those of the longer one. by_many: both are names that many bear. cut: one is the beginning of the
    other. forms: of both. traits: of the words that stand alone.
    """

    table_bits: float
    known: Flags
    equal: Flags
    in_order: Flags
    glued: Flags
    respelt: Flags
    one_slip: Flags
    bits: Bits
    shared_bits: Bits
    alone_bits: Bits
    jaccard: Bits
    one_sided: Flags
    numbers_differ: Flags
    acronym: Flags
    sister: Flags
    head: Flags
    same_head: Flags
    head_bits: Bits
    by_many: Flags
    named_aside: Flags
    own_initials: Flags
    cut: Flags
    forms: FormPairs
    alone: AlonePairs

    def telling(self, bits: Bits, share: float | Floats) -> Flags:
        """Whether words are rare enough to find this share of what it takes to find one record."""
        return np.asarray(bits >= share * self.table_bits)


def _rare(pair: NamePairs) -> Flags:
    """An equal name that hardly anybody else has; other orders of the words ask for more."""
    return pair.equal & ~pair.by_many & pair.telling(pair.bits, np.where(pair.in_order, 0.9, 1.8))


def _respelt(pair: NamePairs) -> Flags:
    return ~pair.by_many & (pair.glued | pair.respelt & pair.telling(pair.shared_bits, 0.9))


def _contained(pair: NamePairs) -> Flags:
    return pair.one_sided & (pair.shared_bits > 0.5 * pair.table_bits)


def _acronym(pair: NamePairs) -> Flags:
    return pair.acronym | pair.alone.whole_acronym


def _department(pair: NamePairs) -> Flags:
    return (pair.head | pair.same_head) & _contained(pair)


def _same_head(pair: NamePairs) -> Flags:
    return pair.same_head & (pair.head_bits > 0.5 * pair.table_bits)


def _named_aside(pair: NamePairs) -> Flags:
    return pair.named_aside & (pair.shared_bits > 0.5 * pair.table_bits)


def _light(pair: NamePairs) -> Flags:
    """One name says nothing more but what half of all organisations are called, or the town."""
    more = pair.alone.light & ~pair.alone.towns & (pair.shared_bits > 0.5 * pair.table_bits)
    return more & ~pair.sister & ~pair.alone.qualifier & ~pair.alone.one_kind


def _sister(pair: NamePairs) -> Flags:
    """Two firms of a group: a word that says so, or two full legal names, one with a word more."""
    loose = (_contained(pair) | (pair.jaccard >= 0.2)) & ~_department(pair) & ~_same_head(pair)
    return pair.sister & (pair.jaccard > 0.3) | pair.forms.both & loose


NAME: Comparison[NamePairs] = Comparison(
    "name",
    (
        Level(
            MISSING,
            lambda pair: ~pair.known,
            -4.0,
            N_("ein Eintrag nennt keinen Namen"),
            "by hand: who has no name is found by other evidence alone",
        ),
        Level(
            "equal_rare",
            _rare,
            17.0,
            N_("gleicher, seltener Name"),
            "by hand; measured 16.3 (public buyers), 15.7 (generated)",
            growth=1.0,
        ),
        Level(
            "equal_borne_by_many",
            lambda pair: pair.equal & pair.by_many,
            11.0,
            N_("gleicher Name, den viele tragen"),
            "by hand, so that one town joins such names and the next town does not",
            growth=1.0,
        ),
        Level(
            "equal",
            lambda pair: pair.equal & pair.telling(pair.bits, 0.5),
            13.0,
            N_("gleicher Name"),
            "by hand; measured 12.6 (public buyers), 11.8 (generated)",
            growth=1.0,
        ),
        Level(
            "equal_common",
            lambda pair: pair.equal,
            8.0,
            N_("gleicher, aber sehr häufiger Name"),
            "by hand; too rare in both tables to be measured",
            growth=1.0,
        ),
        Level(
            "numbers_differ",
            lambda pair: pair.numbers_differ & (pair.jaccard > 0.4),
            -6.0,
            N_("die Namen unterscheiden sich in einer Zahl"),
            "by hand; 8,694 pairs of legal names in gleif_names differ in a number only and are two",
        ),
        Level(
            "letters_differ",
            lambda pair: pair.alone.short & (pair.shared_bits > 0),
            -6.0,
            N_("die Namen unterscheiden sich in einem kurzen Wort"),
            "by hand, as for numbers: of names that are short, one letter is the name",
        ),
        Level(
            "acronym_only",
            lambda pair: _acronym(pair) & (pair.alone_bits == 0) & ((pair.alone.letters >= 3) | pair.own_initials),
            11.5,
            N_("ein Name besteht aus den Anfangsbuchstaben des anderen"),
            "by hand: three letters, or two that no other name of the table has, are right by chance once in 2^12",
        ),
        Level(
            "acronym",
            _acronym,
            8.5,
            N_("ein Name ist die Abkürzung des anderen"),
            "by hand; measured 9.7 (public buyers)",
        ),
        Level(
            "near",
            _respelt,
            14.0,
            N_("andere Schreibweise desselben Namens"),
            "by hand; measured 13.4 (generated)",
            growth=0.5,
        ),
        Level(
            "near_borne_by_many",
            lambda pair: (pair.glued | pair.respelt) & pair.by_many,
            10.5,
            N_("andere Schreibweise eines Namens, den viele tragen"),
            "by hand, like equal_borne_by_many",
            growth=1.0,
        ),
        Level(
            "near_common",
            lambda pair: pair.respelt,
            9.0,
            N_("andere Schreibweise eines häufigen Namens"),
            "by hand; measured 5.4 (generated)",
            growth=0.5,
        ),
        Level(
            "near_glued",
            lambda pair: pair.one_slip,
            12.0,
            N_("die Namen unterscheiden sich in einem Buchstaben"),
            "by hand; measured 11.5 (generated)",
        ),
        Level(
            "named_aside",
            _named_aside,
            12.5,
            N_("ein Name steht im anderen in Klammern oder nach einem Komma"),
            "by hand, below the head of a name; former names, bodies after their institutes, names in two languages",
            growth=0.5,
        ),
        Level(
            "town_more",
            lambda pair: _light(pair) & pair.alone.town,
            12.0,
            N_("ein Name nennt zusätzlich den Ort"),
            "by hand, above common words: the town is known from elsewhere",
        ),
        Level(
            "other_town",
            lambda pair: pair.alone.towns & (pair.jaccard >= 0.2),
            -5.0,
            N_("die Namen nennen zwei Orte"),
            "by hand, as for names without anything in common",
        ),
        Level(
            "other_kind",
            lambda pair: pair.alone.kinds & (pair.jaccard >= 0.2),
            -5.0,
            N_("die Namen bezeichnen zwei Arten von Einrichtungen"),
            "by hand, as for names without anything in common: a university is not its clinic",
        ),
        Level(
            "cut",
            lambda pair: pair.cut & ~pair.one_sided,
            8.0,
            N_("ein Name ist am Ende des Feldes abgeschnitten"),
            "by hand: alike as far as it goes, the same address must say the rest",
        ),
        Level(
            "sister",
            _sister,
            -4.0,
            N_("die Namen bezeichnen zwei Firmen einer Gruppe"),
            "by hand, for firms of a group at one address and domain; measured 6.1 (public buyers), 3.4 (generated)",
        ),
        Level(
            "department",
            _department,
            13.4,
            N_("ein Name nennt eine Abteilung der Einrichtung"),
            "by hand; measured 13.8 (public buyers), 13.9 (generated)",
            growth=0.5,
        ),
        Level(
            "same_head",
            _same_head,
            9.0,
            N_("zwei Abteilungen derselben Einrichtung"),
            "9 instead of 5: F1 of public buyers in four countries 0.880 to 0.895",
        ),
        Level(
            "kind_more",
            lambda pair: _light(pair) & pair.alone.only_kinds,
            11.5,
            N_("nur ein Name sagt, was für eine Einrichtung es ist"),
            "by hand; names with common words more measured 11.8 (public buyers)",
        ),
        Level(
            "generic_words_more",
            lambda pair: _light(pair),
            9.0,
            N_("ein Name hat nur häufige Wörter mehr"),
            "9 instead of 4.5: F1 of public buyers without domain 0.865 to 0.870; 11.5: 0.909 to 0.864",
        ),
        Level(
            "contained",
            _contained,
            4.5,
            N_("ein Name ist im anderen enthalten"),
            "by hand; 6 was tried: F1 of public buyers in four countries 0.895 to 0.880; measured 9.3, generated 5.9",
        ),
        Level(
            "strong_overlap",
            lambda pair: pair.jaccard >= 0.7,
            6.0,
            N_("die Namen stimmen weitgehend überein"),
            "by hand; too rare in both tables to be measured",
        ),
        Level(
            "overlap",
            lambda pair: pair.jaccard >= 0.45,
            2.0,
            N_("die Namen stimmen zum Teil überein"),
            "by hand; measured 6.5 (generated)",
        ),
        Level(
            "weak_overlap",
            lambda pair: pair.jaccard >= 0.2,
            -2.5,
            N_("die Namen teilen wenig"),
            "by hand; measured 5.2 (public buyers), -0.3 (generated)",
        ),
        Level(
            "different",
            otherwise,
            -5.0,
            N_("die Namen haben nichts gemeinsam"),
            "by hand; measured -3.7 (public buyers), -10.6 (generated)",
        ),
    ),
)
# Levels of names that are one name; only between these do legal forms tell.
SAME_NAME = (
    "equal_rare",
    "equal_borne_by_many",
    "equal",
    "equal_common",
    "near",
    "near_borne_by_many",
    "near_common",
    "near_glued",
)


class NamedForms(NamedTuple):
    """Legal forms and what `NAME` found. same_name: one of `SAME_NAME`. different: nothing in common.

    acronyms: both names are one short word, as one body's are in two languages ("NMBS NV", "SNCB SA").
    """

    forms: FormPairs
    same_name: Flags
    different: Flags
    acronyms: Flags


LEGAL_FORM: Comparison[NamedForms] = Comparison(
    "legal_form",
    (
        Level(
            "equal",
            lambda pair: pair.same_name & pair.forms.both & pair.forms.equal,
            1.0,
            N_("gleiche Rechtsform"),
            "by hand; measured 14.3 (generated), but with an equal name, which counts already",
        ),
        Level(
            "same_family",
            lambda pair: pair.same_name & pair.forms.both & pair.forms.same_family,
            -5.0,
            N_("ähnliche Rechtsform"),
            "by hand; too rare in both tables to be measured",
        ),
        Level(
            "two_firms",
            lambda pair: pair.different & pair.forms.both & ~pair.acronyms,
            -14.0,
            N_("zwei Firmen, jede mit eigener Rechtsform"),
            "by hand: at one address and host as at one telephone number; of 15 such pairs of two tables 1 was one",
        ),
        # A company and a body that is none are two, whatever house they share.
        Level(
            "different",
            lambda pair: pair.same_name & pair.forms.both | pair.different & pair.forms.company,
            -7.0,
            N_("andere Rechtsform"),
            "by hand; measured -9.0 (generated)",
        ),
        Level(
            "one_sided",
            lambda pair: pair.same_name & pair.forms.one_sided,
            -1.5,
            N_("nur ein Eintrag nennt die Rechtsform"),
            "by hand: the larger the table, the likelier another firm of the name",
            growth=-0.75,
            least=-4.0,
        ),
        unstated(otherwise),
    ),
)


def short_pairs(names: Names, a: Integers, b: Integers) -> Flags:
    """Where both names ``a[i], b[i]`` (rows of `names`) are one word as short as an acronym."""
    found = (names.size[a] == 1) & (names.size[b] == 1)
    some = np.flatnonzero(found)
    longest = np.maximum(*(names.glued_shape.length[names.glued_index[side[some]]] for side in (a, b)))
    found[some] = longest <= _LONGEST_ACRONYM
    return np.asarray(found)


def form_pairs(names: Names, a: Integers, b: Integers) -> FormPairs:
    """What is seen of the legal forms of the names ``a[i], b[i]`` (rows of `names`)."""
    form_a, form_b, family_a, family_b = names.form[a], names.form[b], names.family[a], names.family[b]
    larger = np.maximum(family_a, family_b)
    return FormPairs(
        both=tells_form(family_a) & tells_form(family_b),
        one_sided=(form_a > 0) != (form_b > 0),
        equal=form_a == form_b,
        same_family=family_a == family_b,
        company=(np.minimum(family_a, family_b) == 0) & ((larger == COMPANIES[0]) | (larger == COMPANIES[1])),
    )


def equal_pairs(names: Names, table: WordTable, size: int, a: Integers, b: Integers) -> NamePairs:
    """The same of names of the same words ``a[i], b[i]`` (rows of `names`): nothing more is asked of them."""
    none: Any = np.zeros((), bool)
    zero: Any = np.zeros((), np.float32)
    unasked = dict.fromkeys(NamePairs._fields, none) | dict.fromkeys(_BITS, zero)
    unasked["alone"] = AlonePairs(*[none] * len(AlonePairs._fields))
    asked = {
        "table_bits": np.log2(size),
        "known": (names.size[a] > 0) & (names.size[b] > 0),
        "equal": np.ones(len(a), bool),
        "in_order": (names.glued[a] == names.glued[b]) | (names.size[a] == 1),
        "bits": table.own_bits[a],
        "by_many": table.by_many[a] & table.by_many[b],
        "forms": form_pairs(names, a, b),
    }
    return NamePairs(**unasked | asked)


_BITS = ("shared_bits", "alone_bits", "jaccard", "head_bits")


def name_pairs(names: Names, table: WordTable, size: int, a: Integers, b: Integers, places: Places) -> NamePairs:
    """What is seen of the names ``a[i], b[i]`` (rows of `names`) of different words in a table of a size."""
    one, other, short_form = align(names, table, a, b)
    alone_a, alone_b = one.weigh(~one.shared), other.weigh(~other.shared)
    shared_bits = (one.weigh(one.shared) + other.weigh(other.shared)) / 2
    core_a, core_b, head_a, head_b = names.core[a], names.core[b], names.head[a], names.head[b]
    glued_a, size_a = names.glued[a], names.size[a]
    alike = glued_a == names.glued[b]
    glued = alike & (glued_a != 0)
    respelt = (alone_a == 0) & (alone_b == 0) & any_word(one.near)
    numbers_differ = names.numbers[a] != names.numbers[b]
    telling = [side.traits_of(~side.shared) & SISTER > 0 for side in (one, other)]
    return NamePairs(
        table_bits=np.log2(size),
        known=(size_a > 0) & (names.size[b] > 0),
        equal=np.zeros(len(a), bool),
        in_order=alike | (size_a == 1),
        glued=glued,
        respelt=respelt,
        one_slip=_one_slip(names, a, b, open_=~(glued | respelt | numbers_differ)),
        bits=table.own_bits[a],
        shared_bits=shared_bits,
        alone_bits=alone_a + alone_b,
        jaccard=shared_bits / np.maximum(shared_bits + alone_a + alone_b, 0.1),
        one_sided=np.minimum(alone_a, alone_b) == 0,
        numbers_differ=numbers_differ,
        acronym=any_word(one.words == table.acronym[b]) | any_word(other.words == table.acronym[a]),
        sister=telling[0] ^ telling[1],
        head=(head_a == core_b) | (head_b == core_a),
        same_head=(head_a == head_b) & (head_a != 0),
        head_bits=np.minimum(one.weigh(one.in_head), other.weigh(other.in_head)),
        by_many=table.by_many[a] & table.by_many[b],
        named_aside=_named_in(core_a, head_a, core_b, head_b) | _named_in(core_b, head_b, core_a, head_a),
        own_initials=np.where(size_a > 1, table.own_initials[a], table.own_initials[b]),
        cut=_cut(names, a, b, open_=~(glued | respelt)),
        forms=form_pairs(names, a, b),
        alone=alone_pairs(
            names, table, (one, other), short_form, places, (shared_bits > 0) & (alone_a + alone_b > 0) | short_form
        ),
    )


def _named_in(core_a: Hashes, head_a: Hashes, core_b: Hashes, head_b: Hashes) -> Flags:
    """Where the second name, or its head, is what the first one says in brackets or after a break."""
    aside = core_a - head_a  # sums of the hashes of words
    return np.asarray((head_a != 0) & (aside != 0) & ((aside == core_b) | (aside == head_b)))


def _cut(names: Names, a: Integers, b: Integers, open_: Flags) -> Flags:
    """Where one name is the beginning of the other, up to the middle of a word; letters rule most out."""
    found = np.zeros(len(a), bool)
    some = np.flatnonzero(open_ & (names.words[a, 0] == names.words[b, 0]))
    one, other = names.glued_index[a[some]], names.glued_index[b[some]]
    length, letters = names.glued_shape
    shorter = np.where(length[one] < length[other], one, other)
    longer = np.where(length[one] < length[other], other, one)
    long_enough = (length[shorter] >= _SHORTEST_CUT) & (length[shorter] < length[longer])
    fits = np.flatnonzero(long_enough & (letters[shorter] & ~letters[longer] == 0))
    texts = names.glued_texts
    found[some[fits]] = [
        texts[long].startswith(texts[short])
        for short, long in zip(shorter[fits].tolist(), longer[fits].tolist(), strict=True)
    ]
    return found


def _one_slip(names: Names, a: Integers, b: Integers, open_: Flags) -> Flags:
    """Which of the open pairs differ by one letter when written together; length and letters rule most out."""
    near = np.zeros(len(a), bool)
    one, other = names.glued_index[a], names.glued_index[b]
    length, letters = names.glued_shape
    near_length = (abs(length[one] - length[other]) <= 1) & (np.minimum(length[one], length[other]) >= 6)
    chosen = np.flatnonzero(open_ & near_length)
    chosen = chosen[np.bitwise_count(letters[one[chosen]] ^ letters[other[chosen]]) <= 2]
    texts = names.glued_texts
    left, right = ([texts[index] for index in side[chosen].tolist()] for side in (one, other))
    near[chosen] = one_slip(left, right)
    return near
