"""Words lead to concepts in three languages, look-alikes stay apart, and the taxonomy refuses contradictions."""

from pathlib import Path

import pytest

from matching.taxonomy.concepts import LANGUAGES, load_taxonomy, read_taxonomy
from matching.taxonomy.finding import find
from matching.yaml_files import FileFault
from sources.listing import UNITS

TAXONOMY = load_taxonomy()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FFP2-Masken", {"ffp2_mask"}),
        ("masques FFP2", {"ffp2_mask"}),
        ("OP-Masken", {"surgical_mask"}),
        ("masques chirurgicaux", {"surgical_mask"}),
        ("Surgical Masks", {"surgical_mask"}),
        ("Beatmungsmasken", {"ventilation_mask"}),
        ("Maskenprüfung nach EN 149", {"en149_testing"}),
        ("Prüfung von OP-Masken", {"mask_testing"}),
        ("essais de masques chirurgicaux", {"mask_testing"}),
        ("Antigen-Schnelltests", {"antigen_test"}),
        ("Softwaretests", {"software_testing"}),
        ("Nitrilhandschuhe", {"examination_gloves"}),
        ("gants en nitrile", {"examination_gloves"}),
        ("sterile OP-Handschuhe", {"surgical_gloves"}),
        ("Haushaltshandschuhe", {"household_gloves"}),
        ("Komponenten für unsere Beatmungsgeräte", {"ventilator_part"}),
        ("KINDERSCHUTZMASKEN", {"mask"}),
        ("Haendedesinfektionsmittel", {"hand_sanitiser"}),
        ("N95s, Face shields, Gowns", {"n95_mask", "face_shield", "gown"}),
        ("2_way_radio", {"two_way_radio"}),
        ("Thermometers", {"thermometer"}),
        ("Gutes Wetter", set()),
    ],
)
def test_words_lead_to_concepts(text: str, expected: set[str]) -> None:
    assert set(find(TAXONOMY, text)) == expected


def test_every_label_leads_back_to_its_concept() -> None:
    lost = [
        (concept_id, language)
        for concept_id in TAXONOMY.concepts
        for language in LANGUAGES
        if concept_id not in find(TAXONOMY, TAXONOMY.label(concept_id, language))
    ]
    assert lost == []


def test_a_contradiction_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "roles.yaml").write_text("product: {de: Produkt, fr: Produit, en: Product}\n")
    (tmp_path / "concepts").mkdir()
    (tmp_path / "concepts" / "goods.yaml").write_text(
        "a: {role: product, de: [Maske], fr: [masque], en: [mask], unit: boxes, parent: b}\n"
        "c: {role: maker, de: [Tuch], fr: [tissu], en: []}\n"
    )
    with pytest.raises(FileFault) as refused:
        read_taxonomy(tmp_path)
    assert str(refused.value).splitlines() == [
        "goods.yaml: a: parent: 'b' is no concept of the taxonomy",
        f"goods.yaml: a: unit: 'boxes' is none of {', '.join(UNITS)}",
        "goods.yaml: c: role: 'maker' is no role of the taxonomy",
        "goods.yaml: c: en: [] is not a list of at least one name",
    ]


def test_a_name_leads_to_one_concept_only(tmp_path: Path) -> None:
    (tmp_path / "roles.yaml").write_text("product: {de: Produkt, fr: Produit, en: Product}\n")
    (tmp_path / "concepts").mkdir()
    (tmp_path / "concepts" / "goods.yaml").write_text(
        "a: {role: product, de: [Maske], fr: [masque], en: [mask]}\n"
        "b: {role: product, de: [Larve], fr: [loup], en: [masks]}\n"
    )
    with pytest.raises(FileFault, match="mask: leads to a, b"):
        read_taxonomy(tmp_path)


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("chemischer und toxikologischer Bericht", "surgical_instruments"),
        ("sofort vorhanden", "hospital_curtain"),
        ("Firma aus Tübingen", "tubing"),
        ("nos premières livraisons", "premises"),
        ("dear customer", "customs"),
        ("develop a plan", "software"),
        ("Die Schule sucht Masken", "training"),
        ("les masques sont prêts", "funding"),
        ("Proben ins Labor", "pcr_reagents"),
        ("une blouse adaptée", "tube_connectors"),
        ("Rhin Protection SAS", "isolation_unit"),
        ("Anforderungen an Masken", "funding"),
        ("the shipment contains masks", "sea_freight"),
        ("Catégorie R, lot D", "research"),
    ],
)
def test_words_that_only_look_alike_lead_nowhere(text: str, never: str) -> None:
    assert never not in find(TAXONOMY, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trennvorhänge für die Notaufnahme", "hospital_curtain"),
        ("champs opératoires stériles", "surgical_drape"),
        ("tourniquets for ambulances", "tourniquet"),
        ("Kochsalzlösung 500 ml", "saline"),
        ("couveuses pour la néonatologie", "infant_incubator"),
        ("Laborzentrifugen", "centrifuge"),
        ("climatisation d'un bâtiment", "ventilation_system"),
        ("serre-tête pour visières", "visor_frame"),
        ("FHIR und HL7", "interoperability"),
        ("temporary staffing for wards", "temporary_staffing"),
    ],
)
def test_goods_of_the_wider_field_are_known(text: str, expected: str) -> None:
    assert expected in find(TAXONOMY, text)
