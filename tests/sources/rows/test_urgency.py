"""Phrases as people write them, and whether they say that it is urgent."""

import pandas as pd
import pytest

from sources.rows.urgency import is_pressing, stated_urgency

PRESSING = (
    "Dringend FFP2-Masken gesucht", "Wir benötigen dringend 500 Kittel.", "Dringender Bedarf an Handschuhen",
    "dringendst!", "Der Vorrat reicht noch eine Woche. Eilt.", "Es eilt, bitte melden", "Eilige Anfrage: Beutel",
    "Wird sofort gebraucht", "ab sofort gesucht", "Lieferung bitte schnellstmöglich", "So schnell wie möglich!",
    "Kittel gesucht – DRINGEND", "Nicht steril, dringend", "Nicht medizinisch; eilt",
    "Keine Baumwolle. Dringend gesucht: Vlies", "Es geht nicht anders, wir brauchen sie sofort.",
    "URGENT : besoin de masques", "Besoin urgent de blouses", "Demande très urgente",
    "Recherchons en urgence des gants",
    "Masques demandés de toute urgence", "Livraison dès que possible", "Il nous en faut immédiatement",
    "Les stocks sont presque épuisés, à livrer au plus vite", "Pas de latex. Urgent", "C’est le plus urgent pour nous",
    "urgent: N95", "We urgently need gowns", "Needed ASAP", "please send a.s.a.p.", "as soon as possible, please",
    "We need them immediately", "Not sterile. Urgent!", "Immediate need for face shields", "No latex - urgent",
)  # fmt: skip
QUIET = (
    "", "FFP2-Masken gesucht", "nicht dringend", "Ist nicht so dringend", "Es ist nicht besonders eilig.",
    "Keine dringende Anfrage", "Eilt nicht.", "Es eilt uns nicht", "Dringend ist das nicht.", "Nicht sofort nötig",
    "Wir brauchen sie nicht ab sofort", "Wird nicht mehr dringend gebraucht",
    "Für die Reserve, ab sofort bis Jahresende",
    "Lagerhilfe – „dringend“", "In dringenden Fällen bitte über die Börse", "Soforthilfe für Unternehmen",
    "beteiligt und verteilt", "Zahlung sofort", "eindringendes Wasser", "weder eilig noch groß",
    "Ce n’est pas urgent", "Demande non urgente", "rien d’urgent", "Ce n’est plus urgent", "pas en urgence",
    "sans besoin urgent", "Service d’accueil des urgences", "Transports urgents de prélèvements",
    "aucune demande urgente",
    "Louisiana Urgent Care", "AFC Urgent Care, N95", "not urgent", "This is not very urgent", "no urgent need",
    "non-urgent", "It isn't urgent", "not needed immediately", "no longer urgent", "Valley Immediate Care",
)  # fmt: skip


@pytest.mark.parametrize("phrase", PRESSING)
def test_what_says_that_it_is_urgent(phrase: str) -> None:
    assert is_pressing(phrase)


@pytest.mark.parametrize("phrase", QUIET)
def test_what_does_not(phrase: str) -> None:
    assert not is_pressing(phrase)


def test_words_raise_requests_to_high_and_lower_nothing() -> None:
    listings = pd.DataFrame(
        [
            ("request", "Dringend Masken", None, "normal", "high"),
            ("request", "Masken", "Eilt.", "low", "high"),
            ("request", "Masken", "Eilt.", "critical", "critical"),
            ("request", "Masken", "Eilt nicht.", "normal", "normal"),
            ("offer", "Sofort lieferbar", "dringend", "normal", "normal"),
        ],
        columns=["kind", "title", "text", "urgency", "expected"],
    )
    assert stated_urgency(listings).tolist() == listings["expected"].tolist()
