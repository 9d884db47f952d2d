"""Numbers, units and rates as people write them; the tables are the specification."""

import pytest

from sources.rows.amounts import implausible, read_amount, read_number

NUMBERS = [
    ("5.000", "de", 5000),
    ("5000", "de", 5000),
    ("5 000", "de", 5000),
    ("5'000", "de", 5000),
    ("1.234.567", "de", 1234567),
    ("1.234,56", "de", 1234.56),
    ("0,125", "de", 0.125),
    ("1,5", "de", 1.5),
    ("12,75", "de", 12.75),
    ("5,000", "de", 5000),
    ("5 000", "fr", 5000),
    ("5\u202f000", "fr", 5000),
    ("5\u00a0000,5", "fr", 5000.5),
    ("1,5", "fr", 1.5),
    ("2.500", "fr", 2500),
    ("1 250 000", "fr", 1250000),
    ("0,75", "fr", 0.75),
    ("5,000", "en", 5000),
    ("1,234,567", "en", 1234567),
    ("1,234.56", "en", 1234.56),
    ("2.125", "en", 2.125),
    ("0.5", "en", 0.5),
    ("7", "en", 7),
    ("-18", "en", -18),
    ("1.5", "de", 1.5),
    ("10.50", "de", 10.5),
]

AMOUNTS = [
    # German
    ("5.000 Stück/Woche", "de", (5000, "piece", "week")),
    ("ca. 5.000 Stück pro Woche", "de", (5000, "piece", "week")),
    ("rund 8000 Masken am Tag", "de", (8000, "piece", "day")),
    ("bis zu 20.000 Stk. täglich", "de", (20000, "piece", "day")),
    ("1,5 Mio. Masken pro Monat", "de", (1_500_000, "piece", "month")),
    ("0,15 Mio. Stück pro Woche", "de", (150_000, "piece", "week")),
    ("2 Millionen Stück", "de", (2_000_000, "piece", None)),
    ("250 Tsd. Stück im Monat", "de", (250_000, "piece", "month")),
    ("3 Mrd. Stück im Jahr", "de", (3e9, "piece", "year")),
    ("10 Tausend Visiere", "de", (10_000, "piece", None)),
    ("5 bis 8 Mio. Stück", "de", (5_000_000, "piece", None)),
    ("5.000 – 8.000 Stück je Woche", "de", (5000, "piece", "week")),
    ("5.000-8.000 Stück", "de", (5000, "piece", None)),
    ("12 Boxen à 100 Paar", "de", (1200, "pair", None)),
    ("300 Boxen à 100 Stück", "de", (30_000, "piece", None)),
    ("25 Kartons zu 2.000 Stück pro Woche", "de", (50_000, "piece", "week")),
    ("40 Packungen mit je 50 Tüchern", "de", (2000, "piece", None)),
    ("10 Kartons à 50", "de", (500, "piece", None)),
    ("10 Kartons", "de", None),
    ("3 Boxen Handschuhe", "de", None),
    ("600 Paar Handschuhe", "de", (600, "pair", None)),
    ("2.500 l Desinfektionsmittel", "de", (2500, "litre", None)),
    ("2.500 Liter/Woche", "de", (2500, "litre", "week")),
    ("500 ml", "de", (0.5, "litre", None)),
    ("12 hl", "de", (1200, "litre", None)),
    ("1,2 t/Woche", "de", (1200, "kilogram", "week")),
    ("20 t pro Monat", "de", (20_000, "kilogram", "month")),
    ("3 Tonnen", "de", (3000, "kilogram", None)),
    ("400 kg in der Woche", "de", (400, "kilogram", "week")),
    ("250 g", "de", (250, "gram", None)),
    ("90.000 m pro Woche", "de", (90_000, "metre", "week")),
    ("12 km Gummiband", "de", (12_000, "metre", None)),
    ("1.000 lfm", "de", (1000, "metre", None)),
    ("30.000 m² pro Woche", "de", (30_000, "square_metre", "week")),
    ("800 qm", "de", (800, "square_metre", None)),
    ("120 m³", "de", (120, "cubic_metre", None)),
    ("1.200 Tests pro Tag", "de", (1200, "test", "day")),
    ("12 Prüfungen pro Woche", "de", (12, "test", "week")),
    ("600 Maschinenstunden pro Woche", "de", (600, "hour", "week")),
    ("40 Std./Woche", "de", (40, "hour", "week")),
    ("15 Personentage pro Monat", "de", (15, "person_day", "month")),
    ("60 Paletten pro Tag", "de", (60, "pallet", "day")),
    ("3.000 Stellplätze", "de", (3000, "pallet", None)),
    ("38 Betten", "de", (38, "bed", None)),
    ("Wir können wöchentlich 700 Kittel nähen", "de", (700, "piece", "week")),
    ("monatlich 4.000 Stück", "de", (4000, "piece", "month")),
    ("50.000 FFP2-Masken", "de", (50_000, "piece", None)),
    ("10.000 OP-Masken/Tag", "de", (10_000, "piece", "day")),
    ("FFP2-Masken, 3.000 Stück", "de", (3000, "piece", None)),
    ("EN 14683, 500 Stück", "de", (500, "piece", None)),
    ("ab KW 17: 2.000 Stück", "de", (2000, "piece", None)),
    ("Typ 5/6, 25 Stück", "de", (25, "piece", None)),
    ("3-lagig, 900 Stück", "de", (900, "piece", None)),
    ("viele", "de", None),
    ("", "de", None),
    ("nach Absprache", "de", None),
    ("50 Stellen", "de", (50, None, None)),
    ("1.000", "de", (1000, None, None)),
    ("12e5 Stück", "de", None),
    ("2 Stück", "de", (2, "piece", None)),
    ("mindestens 25 Stück", "de", (25, "piece", None)),
    ("100 000 Stück/Monat", "de", (100_000, "piece", "month")),
    ("10k Stück", "de", (10_000, "piece", None)),
    ("24.000 Stück die Woche", "de", (24_000, "piece", "week")),
    ("8 Std. am Tag", "de", (8, "hour", "day")),
    ("18.000 Stück jährlich", "de", (18_000, "piece", "year")),
    # French
    ("5 000 pièces", "fr", (5000, "piece", None)),
    ("5 000 pièces par semaine", "fr", (5000, "piece", "week")),
    ("environ 12 000 masques par jour", "fr", (12_000, "piece", "day")),
    ("1,5 million de masques", "fr", (1_500_000, "piece", None)),
    ("2 millions de pièces par mois", "fr", (2_000_000, "piece", "month")),
    ("20 mille unités", "fr", (20_000, "piece", None)),
    ("200 boîtes de 100 pièces", "fr", (20_000, "piece", None)),
    ("50 cartons de 40", "fr", (2000, "piece", None)),
    ("30 boîtes de 100 paires", "fr", (3000, "pair", None)),
    ("80 cartons", "fr", None),
    ("500 paires de gants", "fr", (500, "pair", None)),
    ("1 200 litres par semaine", "fr", (1200, "litre", "week")),
    ("3,5 tonnes", "fr", (3500, "kilogram", None)),
    ("800 mètres", "fr", (800, "metre", None)),
    ("1 000 m² par mois", "fr", (1000, "square_metre", "month")),
    ("300 tests/jour", "fr", (300, "test", "day")),
    ("600 analyses par jour", "fr", (600, "test", "day")),
    ("150 heures machine par semaine", "fr", (150, "hour", "week")),
    ("20 palettes", "fr", (20, "pallet", None)),
    ("14 lits", "fr", (14, "bed", None)),
    ("de 500 à 800 blouses", "fr", (500, "piece", None)),
    ("4 000 écouvillons par semaine", "fr", (4000, "piece", "week")),
    ("production hebdomadaire de 9 000 masques", "fr", (9000, "piece", "week")),
    ("à discuter", "fr", None),
    ("1\u202f000\u202f000 pièces", "fr", (1_000_000, "piece", None)),
    ("100 000 visières d'ici fin mai", "fr", (100_000, "piece", None)),
    # English
    ("5,000 pieces per week", "en", (5000, "piece", "week")),
    ("1.5 million masks a month", "en", (1_500_000, "piece", "month")),
    ("20 boxes of 100 pieces", "en", (2000, "piece", None)),
    ("200 litres per day", "en", (200, "litre", "day")),
    ("10k face shields", "en", (10_000, "piece", None)),
    ("300 pcs", "en", (300, "piece", None)),
    ("2,000 gowns weekly", "en", (2000, "piece", "week")),
    ("up to 400 tests daily", "en", (400, "test", "day")),
    ("50 pairs", "en", (50, "pair", None)),
    ("1,000 to 2,000 units", "en", (1000, "piece", None)),
    ("12 pallets per month", "en", (12, "pallet", "month")),
    ("40 hours per week", "en", (40, "hour", "week")),
]


@pytest.mark.parametrize(("text", "language", "expected"), NUMBERS)
def test_numbers(text: str, language: str, expected: float) -> None:
    assert read_number(text, language) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["", "viele", "1.2.3", "12,34,5", "1e5", "0x10", "5.", "½"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        read_number(text, "de")


@pytest.mark.parametrize(("text", "language", "expected"), AMOUNTS)
def test_amounts(text: str, language: str, expected: tuple[float, str | None, str | None] | None) -> None:
    amount = read_amount(text, language)
    assert (None if amount is None else tuple(amount)) == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize("quantity", [98765432, 987654321, 1234567, 12345678, 111111, 7777777, 2e14, 1e10])
def test_quantities_nobody_has(quantity: float) -> None:
    assert implausible(quantity)


@pytest.mark.parametrize("quantity", [1, 12, 1000, 1_000_000, 40_000_000, 123_456, 100_000_000])
def test_quantities_somebody_may_have(quantity: float) -> None:
    assert implausible(quantity) is None
