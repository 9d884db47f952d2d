"""What a sentence does with the things it names: acts, denials, who asks, purposes; in three languages."""

from typing import cast

import pandas as pd
import pytest
from pandera.typing import DataFrame

from matching.taxonomy.concepts import load_taxonomy
from matching.taxonomy.finding import ASIDE, classify, find, mentions, refused
from sources.listing import Listing

TAXONOMY = load_taxonomy()

ASKED = [  # what a request asks for
    ("Wir suchen PCR test capacity", {"test_capacity"}),
    ("Laborkapazität für PCR-Tests", {"test_capacity"}),
    ("PCR-Labor sucht PCR-Kits", {"pcr_test"}),
    ("Masks with test report", {"mask"}),
    # the act, not the noun
    ("Wer kann für uns 3.000 OP-Kittel mit Dampf sterilisieren?", {"sterilisation"}),
    ("Nous cherchons une blanchisserie pour laver 200 blouses par jour.", {"laundry"}),
    ("Looking for a company to calibrate our infusion pumps", {"calibration"}),
    ("Reparatur von zwölf Beatmungsgeräten", {"maintenance"}),
    ("Schulung unserer Pflegekräfte an Beatmungsgeräten", {"training"}),
    ("Stockage de 40 palettes de gants", {"storage"}),
    ("Transport von Masken und Kitteln nach Kehl", {"transport"}),
    ("Übersetzung von Bedienungsanleitungen für Patientenmonitore", {"translation"}),
    ("Entsorgung gebrauchter Schutzkleidung und Masken", {"waste_disposal"}),
    ("Wir suchen eine Näherei, die uns Kittel näht", {"sewing"}),
    ("Atelier pour coudre des masques en tissu", {"sewing"}),
    ("Injection moulding of visor parts", {"injection_moulding"}),
    ("Prüfung von OP-Masken", {"mask_testing"}),
    ("Nos blouses doivent être stérilisées.", {"sterilisation"}),
    ("Maskenmaschine gesucht", {"mask_machine"}),
    # the thing, where a participle says what was done to it
    ("Sterilisierte Kittel gesucht", {"gown"}),
    ("Zertifizierte FFP2-Masken", {"ffp2_mask"}),
    ("Masques chirurgicaux testés", {"surgical_mask"}),
    # what is denied
    ("Wir brauchen Schutzbrillen, keine Handschuhe.", {"safety_goggles"}),
    ("Besoin de surblouses, pas de masques.", {"gown"}),
    ("We need thermometers, not oximeters.", {"thermometer"}),
    ("Statt Masken brauchen wir jetzt Kittel", {"gown"}),
    ("Gants plutôt que masques", {"gloves"}),
    ("Face shields instead of goggles", {"face_shield"}),
    ("Nicht nur Schürzen, sondern auch Überschuhe", {"apron", "shoe_covers"}),
    ("Non seulement des charlottes, mais aussi des tabliers", {"surgical_cap", "apron"}),
    ("Handschuhe ohne Mindestmenge", {"gloves"}),
    ("Wir haben keine Schutzbrillen mehr", {"safety_goggles"}),
    ("Nous n'avons plus de surblouses", {"gown"}),
    ("Masken sind ausreichend vorhanden, es fehlen Schutzbrillen.", {"safety_goggles"}),
    # the asker is not the need
    ("Testzentrum sucht Schutzbrillen", {"safety_goggles"}),
    ("Blanchisserie cherche des tabliers", {"apron"}),
    ("Sewing workshop needs elastic band", {"elastic_band"}),
    ("Fabricant de respirateurs cherche des capteurs de pression", {"sensor"}),
    ("Thermometer für unsere Lkw-Fahrer", {"thermometer"}),
    ("PET-Folie für Visiere", {"plastic_sheet"}),
    ("Meltblown for our mask production", {"meltblown"}),
    # whoever wears the goods is not sought
    ("Recherche masques FFP2 pour personnels soignants", {"ffp2_mask"}),
    ("Cherche gants pour infirmières", {"gloves"}),
    ("Looking for masks for nurses", {"mask"}),
    ("Masken für unser Pflegepersonal gesucht", {"mask"}),
    ("Recherche fournisseur pour masques FFP2", {"ffp2_mask"}),
    ("Bedarf für FFP2-Masken", {"ffp2_mask"}),
]
OFFERED = [  # what an offer offers
    ("FFP2-Masken aus Polypropylen und Vlies", {"ffp2_mask"}),
    ("gowns made of nonwoven", {"gown"}),
    ("masques FFP2 en polypropylène", {"ffp2_mask"}),
    ("Vlies aus Polypropylen", {"nonwoven"}),
    ("PCR-Testkits, 5000 Stück", {"pcr_test"}),
    ("Wir waschen Kittel und Berufskleidung.", {"laundry"}),
    ("Nous réparons vos respirateurs.", {"maintenance"}),
    ("Näherei fertigt Kittel und Masken", {"sewing", "gown", "mask"}),
    ("OP-Masken, Lieferung frei Haus", {"surgical_mask"}),
    ("Gants, charlottes et surchaussures, hormis les blouses", {"gloves", "surgical_cap", "shoe_covers"}),
    ("Schutzbrillen haben wir keine mehr. Visiere sind lieferbar.", {"face_shield"}),
    ("Goggles are sold out, face shields are available", {"face_shield"}),
    ("Not only gowns but also aprons", {"gown", "apron"}),
    ("Hand sanitiser, bottles of 500 ml", {"hand_sanitiser"}),
    ("Gel hydroalcoolique, cartons de 24", {"hand_sanitiser"}),
    ("Leere Flaschen 250 ml", {"bottle"}),
    ("Infusionspumpen ab Lager", {"infusion"}),
    ("Textilbetrieb bietet Zuschnitt", {"cutting"}),
    ("Infirmières libérales disponibles", {"nursing_staff"}),
    ("Online-Kurs zum Nähen von Masken", {"e_learning"}),
    ("Machine à masques d'occasion", {"mask_machine"}),
]
WORDS = [  # how things are written
    ("Desinfektonsmittel", {"disinfectant"}),
    ("thermometres", {"thermometer"}),
    ("Schutzbrilen", {"safety_goggles"}),
    ("hand sanitzer", {"hand_sanitiser"}),
    ("surgicl masks", {"surgical_mask"}),
    ("body bags", {"body_bag"}),
    ("batteries", {"battery"}),
    ("hospital beds", {"hospital_bed"}),
    ("frische Luft", set()),
    ("Lüfter", {"electric_motor"}),
    ("SHA en bidons", {"hand_sanitiser"}),
    ("gants de toilette", {"toiletries"}),
    ("Theatermasken", {"costume_mask"}),
    ("ceiling ventilators", {"ventilation_system"}),
]


def focus(text: str, *, asks: bool) -> set[str]:
    found = find(TAXONOMY, text, asks=asks)
    return {concept_id for concept_id, one in found.items() if one.is_focus}


@pytest.mark.parametrize(("text", "expected"), ASKED)
def test_a_request_asks_for(text: str, expected: set[str]) -> None:
    assert focus(text, asks=True) == expected


@pytest.mark.parametrize(("text", "expected"), OFFERED)
def test_an_offer_offers(text: str, expected: set[str]) -> None:
    assert focus(text, asks=False) == expected


@pytest.mark.parametrize(("text", "expected"), WORDS)
def test_words_are_found_as_written(text: str, expected: set[str]) -> None:
    assert focus(text, asks=False) == expected


def test_the_words_that_decided_are_told() -> None:
    found = find(TAXONOMY, "Wer kann Kittel sterilisieren?", asks=True)
    assert found["sterilisation"].words == "sterilisieren + Kittel"


def test_a_denied_thing_is_told_as_denied() -> None:
    told = {one.concept_id: one.role for one in mentions(TAXONOMY, "Visiere, aber keine Masken", asks=True)}
    assert told == {"face_shield": "focus", "mask": "denied"}


@pytest.mark.parametrize(
    ("text", "expected", "wanted"),
    [
        ("Schutzmasken, keine Stoffmasken", {"community_mask"}, {"mask", "surgical_mask"}),
        ("FFP2 masks, no other masks", {"surgical_mask", "community_mask"}, {"ffp2_mask", "respirator", "mask"}),
        ("gants, pas de gants chirurgicaux", {"surgical_gloves"}, {"gloves", "examination_gloves"}),
    ],
)
def test_what_is_not_wanted_is_refused_with_its_kinds(text: str, expected: set[str], wanted: set[str]) -> None:
    found = refused(TAXONOMY, text)
    assert expected <= found
    assert not wanted & found


MADE_ON = [  # the goods of a line, and the line itself
    ("FFP2-Masken aus neuer Linie", {"ffp2_mask"}),
    ("FFP2-Masken von unserer neuen Produktionslinie", {"ffp2_mask"}),
    ("FFP2-Masken ab Linie", {"ffp2_mask"}),
    ("Atemschutzmasken aus eigener Maskenlinie", {"respirator"}),
    ("OP-Masken, gefertigt auf neuen Maschinen", {"surgical_mask"}),
    ("OP-Masken von unserer Maskenmaschine", {"surgical_mask"}),
    ("FFP2 masks from our new line", {"ffp2_mask"}),
    ("FFP3 masks from a new production line", {"ffp3_mask"}),
    ("Surgical masks made on our own mask machine", {"surgical_mask"}),
    ("Respirators fresh off the line", {"respirator"}),
    ("Masques FFP2 de notre nouvelle ligne", {"ffp2_mask"}),
    ("Masques chirurgicaux issus de notre ligne de production", {"surgical_mask"}),
    ("Masques FFP2 fabriqués sur notre machine", {"ffp2_mask"}),
    ("Masques FFP2 sortis de nos machines", {"ffp2_mask"}),
    ("FFP2-Produktionslinie zu verkaufen", {"mask_machine"}),
    ("Produktionslinie für FFP2-Masken", {"mask_machine"}),
    ("Maskenlinie aus Insolvenz", {"mask_machine"}),
    ("Linie für OP-Masken abzugeben", {"mask_machine"}),
    ("FFP2 production line for sale", {"mask_machine"}),
    ("Machine for surgical masks, used", {"mask_machine"}),
    ("Line for FFP2 respirators", {"mask_machine"}),
    ("Ligne de production de masques FFP2 à vendre", {"mask_machine"}),
    ("Machine pour masques chirurgicaux", {"mask_machine"}),
    ("Ligne FFP2 d'occasion", {"mask_machine"}),
    ("Maskenmaschine, neu, aus China", {"mask_machine"}),
    ("Maskenmaschine, fabrikneu", {"mask_machine"}),
]
CAPACITY = [  # capacity of a service, and goods
    ("Laborkapazität für PCR", {"test_capacity"}),
    ("PCR-Kapazität frei", {"test_capacity"}),
    ("PCR-Testkapazität", {"test_capacity"}),
    ("Kapazität für PCR-Tests", {"test_capacity"}),
    ("Kapazitäten für PCR im Labor", {"test_capacity"}),
    ("PCR capacity", {"test_capacity"}),
    ("Lab capacity for PCR", {"test_capacity"}),
    ("Capacity for PCR tests", {"test_capacity"}),
    ("Laboratory capacity for PCR testing", {"test_capacity"}),
    ("Capacité PCR", {"test_capacity"}),
    ("Capacités de PCR disponibles", {"test_capacity"}),
    ("Capacité de laboratoire pour tests PCR", {"test_capacity"}),
    ("PCR-Tests auf Lager", {"pcr_test"}),
    ("PCR-Testkits, Lieferkapazität 10.000 je Woche", {"pcr_test"}),
    ("PCR-Kits, große Kapazität", {"pcr_test"}),
    ("PCR-Tests für Labore", {"pcr_test"}),
    ("PCR kits in stock", {"pcr_test"}),
    ("RT-PCR test kits, capacity 10,000 per week", {"pcr_test"}),
    ("PCR kits for laboratories", {"pcr_test"}),
    ("PCR tests, CE marked", {"pcr_test"}),
    ("Tests PCR en stock", {"pcr_test"}),
    ("Kits PCR pour laboratoires", {"pcr_test"}),
    ("Tests PCR, capacité de 5 000 par jour", {"pcr_test"}),
    ("Kits RT-PCR, livraison rapide", {"pcr_test"}),
]


@pytest.mark.parametrize(("text", "expected"), [*MADE_ON, *CAPACITY])
def test_goods_are_told_from_the_line_and_the_capacity_behind_them(text: str, expected: set[str]) -> None:
    assert focus(text, asks=False) == expected


def test_a_shuttle_for_many_is_no_transport_of_patients() -> None:
    """A public request and its translation were kept apart by "Fahrdienst", which drivers of patients are called."""
    assert focus("Sammelfahrdienste zum Werk", asks=True) == {"passenger_transport"}
    assert focus("Fahrdienst für Patienten", asks=True) == {"patient_transport"}


@pytest.mark.parametrize(
    ("title", "text", "period", "expected"),
    [
        ("OP-Masken-Linie im Anlauf", None, "week", {"surgical_mask"}),
        ("OP-Masken-Linie zu verkaufen", None, None, {"mask_machine"}),
        ("Reinraum ISO 7 und Spritzguss", None, "week", {"cleanroom", "injection_moulding"}),
        ("Faltschachteln und Displays", None, "day", {"cardboard"}),
        ("Faltschachteln und Etiketten", None, None, {"cardboard", "labels"}),
        ("Desinfektionsmittel und Flaschen", None, None, {"disinfectant"}),
        ("Sekundärverpackung – Faltschachteln für Masken", None, "week", {"secondary_packaging", "cardboard"}),
        ("Ultraschallschweißanlage für Masken", None, None, {"ultrasonic_welder"}),
        ("Sondermaschinenbau", "Leihgeräte Ultraschall sofort.", None, {"automation", "ultrasonic_welder"}),
        ("Elektronikfertigung", "SMD-Linie mit AOI und ICT.", "week", {"pcb_assembly"}),
        ("Stanzen und Lasern im Haus", None, None, {"metal_forming", "laser_cutting"}),
    ],
)
def test_a_listing_is_about(title: str, text: str | None, period: str | None, expected: set[str]) -> None:
    texts = {"title": title, "manufacturing_step": None, "text": text, "category": None}
    listings = pd.DataFrame([{"listing_id": "een:1", "kind": "offer", "period": period} | texts])
    concepts = classify(cast("DataFrame[Listing]", listings), TAXONOMY)
    assert set(concepts.loc[concepts["score"] > ASIDE, "concept_id"]) == expected
