"""What listings state of a thing rules out pairs that contradict each other, with the words that do named."""

import numpy as np
import pytest

from matching.taxonomy.attributes import attributes, contradictions, insisted_on, is_left_open, statements

CONTRADICTIONS = [  # request, offer, attribute and the words on both sides
    ("OP-Masken Typ IIR", "OP-Masken Typ II", "mask_type", ("Typ IIR", "Typ II")),
    ("Masques chirurgicaux type II", "Masques chirurgicaux type I", "mask_type", ("type II", "type I")),
    ("FFP3-Masken", "FFP2-Masken", "filter_class", ("FFP3", "FFP2")),
    ("FFP2, pas de KN95", "KN95 masks", "foreign_standard", ("KN95", "KN95")),
    ("sterile Kittel", "Kittel, unsteril", "sterility", ("sterile", "unsteril")),
    ("gants stériles", "non-sterile gloves", "sterility", ("stériles", "non-steril")),
    ("FFP2 ohne Ventil", "FFP2 avec soupape", "valve", ("ohne Ventil", "avec soupape")),
    ("FFP2 masks without valve", "FFP2-Masken mit Ausatemventil", "valve", ("without valve", "mit Ausatemventil")),
    ("Nitrile gloves", "Vinylhandschuhe", "glove_material", ("Nitril", "Vinyl")),
    ("Handschuhe, latexfrei", "gants en latex", "glove_material", ("latexfrei", "latex")),
    ("Gloves, anything except latex", "Latexhandschuhe", "glove_material", ("latex", "Latex")),
    ("puderfreie Handschuhe", "powdered vinyl gloves", "powder", ("puderfrei", "powdered")),
    ("Overalls Größe XL", "coveralls size S", "size", ("XL", "size S")),
    ("Masken für Kinder, Kindergröße", "masks, adult size", "age", ("Kinder", "adult")),
    ("Masken", "masques pour enfants", "age", ("adult", "enfants")),
    ("Einwegkittel", "waschbare Kittel", "use", ("Einweg", "waschbar")),
    ("blouses réutilisables", "disposable gowns", "use", ("réutilisable", "disposable")),
    ("Händedesinfektion, kein Gel", "Desinfektionsgel", "form", ("Gel", "gel")),
    ("Flächendesinfektion außer Chlor", "Chlorbleichlauge zur Desinfektion", "active_agent", ("Chlor", "Chlor")),
    ("Masken, aber nicht aus Stoff", "Baumwollmasken", "textile", ("aus Stoff", "Baumwoll")),
    ("Masken zum Binden", "masks with ear loops", "fastening", ("zum Binden", "ear loop")),
    ("kontaktlose Thermometer", "oral thermometers", "measuring", ("kontaktlos", "oral")),
    ("Schutzanzüge Typ 3", "Overalls Typ 5/6", "suit_type", ("Typ 3", "Typ 5")),
    ("Handschuhe EN 455", "gloves EN 388", "glove_norm", ("EN 455", "EN 388")),
    ("Desinfektion EN 14476", "Reiniger, keine Prüfung nach EN 14476", "virucidal_norm", ("EN 14476", "EN 14476")),
    ("medizinische Masken", "Masken, nicht medizinisch", "medical_device", ("medizinisch", "nicht medizinisch")),
    ("gel, 70% alcohol", "Handgel, 40 % Alkohol", "alcohol_share", ("70%", "40 %")),
    ("syringes 50 ml", "Spritzen 2 ml", "syringe_volume", ("50 ml", "2 ml")),
    ("Venenkanülen 22G", "cannulas 14G", "needle_gauge", ("22G", "14G")),
    ("Hand disinfectant", "Surface disinfectant, not for hands", "disinfects", ("Hand", "Surface")),
    ("Latex-free gloves. Allergies, so no latex here", "Latexhandschuhe", "glove_material", ("Latex-free", "Latex")),
    ("Overalls, nur vom Hersteller", "Overalls gegen Provision", "seller", ("nur vom Hersteller", "gegen Provision")),
    ("Suits, no brokers", "Suits; we work as a broker", "seller", ("no brokers", "as a broker")),
    ("Respirateurs de réanimation", "Transportbeatmung", "ventilator_use", ("réanimation", "Transportbeatmung")),
    ("Beatmungsgeräte", "Transport ventilators", "ventilator_use", ("intensive care", "Transport ventilator")),
    ("Transport, 2–8 °C", "Lkw, ungekühlt", "cooling", ("2–8 °", "ungekühlt")),
    ("FFP2, EU type examination", "KN95", "examination", ("EU type", "KN95")),
    (
        "Combinaisons, uniquement du fabricant",
        "Combinaisons, en tant que courtier",
        "seller",
        ("uniquement du fabricant", "en tant que courtier"),
    ),
]
AGREEMENTS = [
    ("Transportbeatmung", "transport ventilators"),
    ("Beatmungsgeräte für die Intensivstation", "ICU ventilators"),
    ("Temperaturgeführter Transport", "véhicules réfrigérés"),
    ("Handschuhe Größe M und L", "gloves, sizes S–XL"),
    ("blouses taille M", "gowns XS-L"),
    ("OP-Masken Typ II", "Masques type IIR"),
    ("FFP2-Masken", "FFP3 masks"),
    ("FFP2 oder KN95", "KN95"),
    ("FFP2-Masken", "KN95-Masken"),
    ("unsterile Handschuhe", "sterile gloves"),
    ("FFP2 ohne Ventil", "FFP2 sans soupape"),
    ("Handschuhe ohne Latex", "gants nitrile"),
    ("Handschuhe", "nitrile gloves, latex-free"),
    ("Nitrilhandschuhe in S", "nitrile gloves S and M"),
    ("Overalls XL", "Overalls, Größen L, XL, XXL"),
    ("Overall Typ 5", "combinaison type 4"),
    ("Masken für Kinderklinik", "surgical masks, adult"),
    ("Einwegkittel, auch Mehrweg", "waschbare Kittel"),
    ("gel ou solution hydroalcoolique", "gel hydroalcoolique"),
    ("Händedesinfektion, mindestens 70 %", "hand rub, 75 % alcohol"),
    ("Spritzen 10 ml", "seringues 5, 10 et 20 mL"),
    ("5 l Flächendesinfektion", "10 l surface disinfectant"),
    ("Stirnthermometer ohne Kontakt", "infrared thermometers"),
]


def first_contradiction(request: str, offer: str) -> tuple[str, tuple[str, str]] | None:
    asked, offered = (statements([(text, "", asks)]) for text, asks in ((request, True), (offer, False)))
    number = int(contradictions(asked, offered, np.array(0), np.array(0)))
    if number < 0:
        return None
    attribute = attributes()[number]
    wanted, found = (side.phrases[0].get(number) for side in (asked, offered))
    return attribute.name, (wanted or attribute.values[attribute.default.bit_length() - 1], found or "")


@pytest.mark.parametrize(("request_text", "offer_text", "attribute", "said"), CONTRADICTIONS)
def test_a_contradiction_is_named(request_text: str, offer_text: str, attribute: str, said: tuple[str, str]) -> None:
    assert first_contradiction(request_text, offer_text) == (attribute, said)


@pytest.mark.parametrize(("request_text", "offer_text"), AGREEMENTS)
def test_what_serves_is_no_contradiction(request_text: str, offer_text: str) -> None:
    assert first_contradiction(request_text, offer_text) is None


def test_what_the_title_states_outweighs_the_text() -> None:
    asked = statements([("Masken in Kindergröße", "Masken für Erwachsene rutschen.", True)])
    offered = statements([("Masken für Erwachsene", "", False), ("Kindermasken", "", False)])
    assert (contradictions(asked, offered, np.array([[0]]), np.array([[0, 1]])) >= 0).tolist() == [[True, False]]


@pytest.mark.parametrize(
    ("request_text", "offer_text", "is_open"),
    [
        ("Écouvillons floqués, stériles", "Écouvillons floqués", True),
        ("Écouvillons floqués, stériles", "Sterile Tupfer", False),
        ("Écouvillons floqués", "Tupfer", False),
        ("OP-Masken Typ IIR", "OP-Masken", True),
        ("Transport, temperaturgeführt", "Spedition nach Lyon", True),
        ("Nitrilhandschuhe", "Handschuhe", False),
        ("Kittel, unsteril", "Kittel", False),
        ("FFP2-Masken, Zertifikat nicht nötig", "FFP2-Masken", False),
        ("FFP2-Masken, bitte nur mit Prüfnachweis", "FFP2-Masken, einzeln verpackt", True),
        ("FFP2-Masken, bitte nur mit Prüfnachweis", "FFP2 respirators, test report available", False),
        ("Masques FFP2, certificat indispensable", "FFP2-Masken nach EN 149", False),
        ("FFP2-Masken nach EN 149", "FFP2-Masken", False),
    ],
)
def test_what_a_request_insists_on_must_be_stated(request_text: str, offer_text: str, is_open: bool) -> None:
    assert is_left_open(insisted_on(request_text, ""), offer_text, "") == is_open
