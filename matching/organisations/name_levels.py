"""What two names can be to each other, and what their legal forms add: the levels and what each is worth.

Words that both names hold count by their rarity; what stands alone on either side counts against, less so after a
dash or in brackets. How it is seen is told in `name_comparison`.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.arrays import Flags, Floats
from matching.messages import N_
from matching.organisations.alone_words import AlonePairs
from matching.organisations.levels import MISSING, Comparison, Level, otherwise, unstated

Bits = npt.NDArray[np.floating]


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
