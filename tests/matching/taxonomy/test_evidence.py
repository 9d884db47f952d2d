"""What an offer's words show: the act, the thing it is done to, the norm; most cases were judged by people."""

import pytest

from matching.taxonomy.concepts import load_taxonomy
from matching.taxonomy.evidence import LONGEST_QUOTE, TO_CLARIFY, Offer, Reader
from matching.taxonomy.recipes import Role, load_recipes

READER = Reader(load_taxonomy())
ROLES = {(recipe.recipe_id, role.role_id): role for recipe in load_recipes() for role in recipe.roles}


def _shown(product: str, role: str, title: str, text: str = "", norms: str = "") -> str:
    """The quote, "?" where it is to be clarified, "-" where the words deny it."""
    wanted = ROLES[product, role] if product != role else Role(role, (role,), 1.0, "piece", 0.0)
    found = READER.shown(wanted, Offer(title, text, norms))
    return "-" if found is None else "?" if found == TO_CLARIFY else found.quote


@pytest.mark.parametrize(
    ("product", "role", "title", "text", "quote"),
    [
        ("face_shield", "laser_cutting", "Zuschnitt von Vlies und Gewebe", "", "-"),
        ("face_shield", "laser_cutting", "CNC-Cutter mit freien Stunden", "Lagenschnitt bis 60 mm", "?"),
        ("face_shield", "laser_cutting", "Laserschneiden von Acryl für Spuckschutz", "", "?"),
        ("face_shield", "laser_cutting", "Laserschneiden von PET-Folie", "", "Laserschneiden von PET-Folie"),
        ("coverall", "cutting", "Zuschnitt von Vlies und Gewebe", "", "Zuschnitt von Vlies und Gewebe"),
        ("safety_goggles", "coating", "Blechbearbeitung und Pulverbeschichtung", "Bettgestelle und Ständer", "?"),
        ("surgical_gown", "nonwoven", "Zuschnitt von Vlies und Gewebe", "", "-"),
        ("face_shield", "assembly", "OP-Masken-Linie im Anlauf", "Montage in Kartons zu 2.000", "-"),
        ("mask_machine", "mask_machine", "OP-Masken-Linie im Anlauf", "", "OP-Masken-Linie im Anlauf"),
        ("surgical_mask", "meltblown", "Non-tissé spunbond-meltblown-spunbond (SMS) 40 g", "", "-"),
    ],
)
def test_an_act_is_done_to_a_thing(product: str, role: str, title: str, text: str, quote: str) -> None:
    assert _shown(product, role, title, text) == quote


@pytest.mark.parametrize(
    ("product", "title", "text", "is_shown"),
    [
        ("coverall", "PP-Vlies 60 g/m2", "Rollen, sofort", False),
        ("coverall", "Spunbond nonwoven rolls", "Made for car covers and crops", False),
        ("coverall", "Vliesstoff, laminiert", "", True),
        ("coverall", "Vlies für Schutzanzüge", "", True),
        ("coverall", "Non-tissé barrière", "", True),
        ("coverall", "SMMS nonwoven fabric", "", False),
        ("surgical_gown", "SMMS nonwoven fabric", "", True),
        ("coverall", "Vliesstoff auf Rollen", "EN 14126, Typ 5", True),
        ("surgical_gown", "Vliesstoff 40 g/m2", "Rollen", False),
        ("surgical_gown", "Vliesstoff mit mikroporöser Schicht", "", True),
    ],
)
def test_cloth_for_a_barrier_says_that_it_is_one(product: str, title: str, text: str, is_shown: bool) -> None:
    assert _shown(product, "nonwoven", title, text) == (title if is_shown else "?")


@pytest.mark.parametrize(
    ("product", "role", "title", "text", "is_shown"),
    [
        ("surgical_gown", "nonwoven", "SMS-Vlies für Kittel", "Für Kittel nach EN 13795 noch nicht geprüft.", False),
        ("surgical_gown", "nonwoven", "SMS-Vlies für Kittel", "Geprüft nach EN 13795.", True),
        ("ffp2_mask", "ffp2_mask", "FFP2-Masken", "Die Baumusterprüfung ist beantragt.", False),
        ("ffp2_mask", "ffp2_mask", "FFP2-Masken", "Zertifikat liegt vor.", True),
        ("ffp2_mask", "en149_testing", "Prüfung nach EN 149", "Accreditation pending", False),
        ("test_capacity", "test_capacity", "PCR-Kapazität im Forschungslabor", "Zwei Cycler", False),
        ("test_capacity", "test_capacity", "PCR-Kapazität im Veterinärlabor", "", False),
        ("test_capacity", "test_capacity", "PCR-Kapazität im Labor", "", True),
        ("gown", "gown", "Konfektion von Masken und Kitteln", "Wir könnten morgen anfangen.", False),
        ("gown", "gown", "Schutzkittel, genäht", "", True),
    ],
)
def test_what_is_not_shown_yet_is_to_be_clarified(
    product: str, role: str, title: str, text: str, is_shown: bool
) -> None:
    assert (_shown(product, role, title, text) != "?") == is_shown


def test_what_serves_one_purpose_shares_a_word_with_what_is_asked_for() -> None:
    asked = "Software für Gesundheitsamt: Kontaktpersonennachverfolgung"
    assert READER.is_for_purpose("software", asked, Offer("Software für ein Gesundheitsamt", "", ""))
    assert not READER.is_for_purpose("software", asked, Offer("Software für Terminvergabe", "", ""))
    assert not READER.is_for_purpose("software", "Software gesucht", Offer("Medizinische Software", "", ""))
    assert READER.is_for_purpose("sewing", "Näherei gesucht", Offer("Nähkapazität frei", "", ""))


@pytest.mark.parametrize(
    ("title", "text", "norms", "quote"),
    [
        ("Prüfung von Atemschutz nach EN 149", "", "", "Prüfung von Atemschutz nach EN 149"),
        ("Maskenprüfung: Durchlassgrad", "", "EN 149", "Maskenprüfung: Durchlassgrad"),
        ("Bakterielle Filterleistung nach EN 14683", "", "", "-"),
        ("Maskenprüfung: Durchlassgrad", "Akkreditiertes Labor nach ISO 17025", "", "?"),
    ],
)
def test_a_laboratory_has_a_scope_of_norms(title: str, text: str, norms: str, quote: str) -> None:
    assert _shown("ffp2_mask", "en149_testing", title, text, norms) == quote


@pytest.mark.parametrize(
    ("product", "title", "text", "quote"),
    [
        ("ventilator", "Präzisionsteile für die Medizintechnik", "Achtzehn Langdreher", "-"),
        ("pcr_test", "PCR-Kapazität im Forschungslabor", "Zwei Cycler", "-"),
        ("pcr_test", "PCR-Testkits, eigene Entwicklung", "", "PCR-Testkits, eigene Entwicklung"),
        ("face_shield", "Face Shields", "", "Face Shields"),
        ("bottle", "Handdesinfektion nach WHO-Rezeptur", "Kanister zu 5 und 10 Litern", "-"),
        ("transport", "Transportbeatmung, generalüberholt", "", "-"),
    ],
)
def test_a_product_is_neither_its_service_nor_its_package(product: str, title: str, text: str, quote: str) -> None:
    assert _shown(product, product, title, text) == quote


def test_who_asks_or_sells_a_machine_offers_no_act() -> None:
    assert _shown("ear_saver", "printing_3d", "Wir suchen 3D-Druck für Adapter") == "-"
    assert _shown("ear_saver", "printing_3d", "3D-Drucker zu verkaufen") == "-"
    assert _shown("ear_saver", "printing_3d", "3D-Druck-Kapazität frei") == "3D-Druck-Kapazität frei"


def test_a_category_alone_leaves_it_open() -> None:
    assert _shown("face_shield", "face_shield", "Wir helfen gern", "Bitte melden.") == "?"


def test_a_quote_is_short_and_holds_the_words() -> None:
    quote = _shown("ear_saver", "printing_3d", "Hilfe", "Wort " * 80 + "mit 3D-Druck " + "Wort " * 80)
    assert len(quote) <= LONGEST_QUOTE
    assert "3D-Druck" in quote


def test_who_seeks_a_test_of_masks_seeks_no_masks() -> None:
    assert READER.is_asked_for("surgical_mask", ["OP-Masken gesucht"])
    assert READER.is_asked_for("ffp2_mask", ["FFP2-Masken dringend gesucht"])
    assert not READER.is_asked_for("surgical_mask", ["Textilbetrieb sucht Beratung zur Zulassung von OP-Masken"])
    assert not READER.is_asked_for("pcr_test", ["Laborkapazität für PCR gesucht"])
