"""Whatever people type, amounts and days are read or refused: no other error, no long search."""

import time
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from sources.rows.amounts import names_number, plain_amount, read_amount, searched_amount
from sources.rows.dates import lone_mention, names_no_day, read_days, searched_mentions

PIECES = (
    "5.000 1,5 10 0 -3 2020 31.12. 04.05.2020 20.–30.04. 1/2 ½ 1e5 2,00E+04 KW 17 Q2 20/21 ~~5~~ <s>3</s> 8̶ "
    "Stück Masken m² l kg m M Mio. Tsd. Boxen à je VE ( ) = x × bis ab seit und danach pro Tag /Woche p.a. alle "
    "2 Wochen Montag Mai April mi fin Anfang Ende nächster zwei tausend millions de cent fünfhundert "
    "Pos. Lot Gr. EN Tel. 0761 123456 nicht sondern -> Korrektur: davon each S, L € % \u00a0 \u202f … 99999999999 - "
    "– hier in vor Tagen ago"
).split(" ")
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join))


@given(TEXTS, st.sampled_from(["de", "fr", "en", "xx"]))
@settings(max_examples=400, deadline=None)
def test_any_amount(text: str, language: str) -> None:
    amount = read_amount(text, language)
    names_number(text, language)
    assert amount is None or amount.quantity >= 0


@given(
    st.sampled_from(["", "ca. ", "bis zu ", "max. ", "Menge: ", "environ ", "up to ", "jusqu'à "]),
    st.sampled_from(["5", "1.200", "1,5", "20 000", "1'500", "12,000", "0.5", "2.125"]),
    st.sampled_from("Stück St. Masken l kg Paar Tests m Kartons boîtes boxes Paletten Flaschen sets M Mio t".split()),
    st.sampled_from(["", " à 50 Stück", " de 100 pièces", " of 20 masks", " zu je 5 l", " x 12 kg", " à 10 boxes"]),
    st.sampled_from(
        [
            "",
            "/Woche",
            " pro Tag",
            " im Monat",
            " in der Woche",
            " am Tag",
            " im Lager",
            " par mois",
            " per quarter",
            " wöchentlich",
            " daily",
            " je Bett",
            " sofort",
        ]
    ),
    st.sampled_from(["de", "fr", "en"]),
)
@settings(max_examples=500, deadline=None)
def test_the_short_way_reads_as_the_long_one(
    lead: str, number: str, unit: str, content: str, rate: str, language: str
) -> None:
    text = f"{lead}{number} {unit}{content}{rate}"
    short = plain_amount(text, language)
    assert short is None or short == searched_amount(text, language)


@given(TEXTS, st.sampled_from(["begin", "end", None]), st.sampled_from([True, False, None]))
@settings(max_examples=400, deadline=None)
def test_any_day(text: str, role: str | None, is_month_first: bool | None) -> None:
    names_no_day(text)
    try:
        days = read_days(text, date(2020, 4, 15), role, is_month_first=is_month_first)  # type: ignore[arg-type]
    except ValueError:
        return
    assert not days.first or not days.last or days.first <= days.last


@given(
    st.sampled_from(
        [
            "",
            "ab ",
            "bis ",
            "Bis ",
            "ab dem ",
            "seit ",
            "from ",
            "until ",
            "dès ",
            "à partir du ",
            "jusqu'au ",
            "nicht ",
        ]
    ),
    st.sampled_from("KW kw Mitte Ende ende Anfang fin mi mi- mid early de of 1. 4. 4 12 31 1er 3rd . /".split()),
    st.sampled_from("14 17/2020 17 Mai mai May. juin Monat sofort maintenant now asap Dez. mars KW Woche".split()),
    st.sampled_from(["", " 2020", "/2020", ".", " ", " 21", "-Juni", " Mai", ", 2021"]),
)
@settings(max_examples=1500, deadline=None)
def test_a_day_alone_reads_as_one_among_others(lead: str, first: str, second: str, rest: str) -> None:
    for text in (f"{lead}{first} {second}{rest}", f"{lead}{first}{second}{rest}", f"{lead}{second}{rest}"):
        if lone := lone_mention(text):
            [found] = searched_mentions(text)
            assert (lone.match.span(), lone.read, lone.lead, lone.role) == (
                found.match.span(), found.read, found.lead, found.role,
            ), text  # fmt: skip


def test_long_texts_are_no_burden() -> None:
    for piece in ("5.000 Stück ", "20.04. bis ", "1 x ", "- ", "10 bis ", "nicht 5 ", "1 2 3 ", "je S, M, L ", "(1 "):
        began = time.process_time()
        read_amount(piece * 400, "de")
        try:
            read_days(piece * 400, date(2020, 4, 15))
        except ValueError:
            continue
        finally:
            assert time.process_time() - began < 5, piece
