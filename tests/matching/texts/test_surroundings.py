"""Sentences around a listing: what a board, a firm or a house rule adds, and what is meant after all."""

import pytest

from matching.taxonomy.concepts import load_taxonomy
from matching.taxonomy.finding import find
from matching.texts.surroundings import without_surroundings

TAXONOMY = load_taxonomy()
CORES = {  # a listing and the concept that it is about
    "de": ("Wir benötigen Sauerstoffkonzentratoren, 20 Stück.", {"oxygen_concentrator"}),
    "fr": ("Nous cherchons des thermomètres, 200 pièces.", {"thermometer"}),
    "en": ("We need glass vials, 5,000 pieces.", {"glass_vial"}),
}

AROUND = {  # kind -> language and sentence
    "goods of another call": [
        ("de", "Angebote für Masken sind Gegenstand eines gesonderten Aufrufs."),
        ("de", "Masken und Kittel werden separat ausgeschrieben."),
        ("de", "Angebote zu Schutzmasken bitte unter der anderen Rubrik einstellen."),
        ("de", "Für Masken gibt es einen eigenen Aufruf."),
        ("de", "Desinfektionsmittel sind nicht Teil dieser Anfrage."),
        ("de", "Um Handschuhe geht es in dieser Ausschreibung nicht."),
        ("fr", "Les masques feront l'objet d'un autre appel."),
        ("fr", "Pour les blouses, une consultation séparée sera publiée."),
        ("fr", "Les offres de gel sont à déposer dans une autre rubrique."),
        ("fr", "Les gants ne font pas partie de cette demande."),
        ("en", "Offers of masks are for another call."),
        ("en", "Gloves will be tendered separately."),
        ("en", "Ventilators are not part of this request."),
        ("en", "Please post offers of gowns in the other section."),
    ],
    "duty": [
        ("de", "Zutritt nur mit FFP2-Maske."),
        ("de", "In unseren Filialen gilt Maskenpflicht."),
        ("de", "Bitte tragen Sie bei der Anlieferung eine Maske."),
        ("de", "Das Tragen eines Mundschutzes ist im ganzen Haus Pflicht."),
        ("de", "Beim Betreten des Geländes ist ein Mund-Nasen-Schutz zu tragen."),
        ("fr", "Le port du masque est obligatoire dans nos locaux."),
        ("fr", "Accès uniquement avec masque."),
        ("fr", "Merci de porter un masque lors de la livraison."),
        ("en", "Masks have to be worn in our branches."),
        ("en", "No entry without a face mask."),
        ("en", "Visitors must wear a mask at the gate."),
        ("en", "Wearing a mask is mandatory on site."),
    ],
    "keywords": [
        ("de", "Stichworte: Diagnostik, Krankenhaus, Förderung, Masken"),
        ("de", "Schlagwörter: Masken, Handschuhe, Beatmung"),
        ("de", "Tags: Schutzkleidung, Masken, Desinfektion"),
        ("de", "Rubriken dieser Börse: Masken, Tests, Transport."),
        ("fr", "Mots-clés : masques, gants, désinfection"),
        ("fr", "Rubriques : masques ; blouses ; tests"),
        ("fr", "Étiquettes : masques, visières"),
        ("en", "Keywords added by the operator: diagnostics, hospital, funding, masks."),
        ("en", "Tags: masks, gloves, PPE"),
        ("en", "Filed under: masks, ventilators"),
    ],
    "other offers": [
        ("de", "Siehe auch: Masken, Handschuhe, Kittel."),
        ("de", "Weitere Angebote: FFP2-Masken, Visiere, Schürzen."),
        ("de", "Unsere Bestseller: Handschuhe, Pflaster, Kittel."),
        ("de", "Kunden kauften auch Handschuhe und Masken."),
        ("de", "Ähnliche Anzeigen: Beatmungsgeräte, Masken"),
        ("de", "Masken und Handschuhe finden Sie in unseren weiteren Einträgen."),
        ("fr", "Voir aussi : masques, gants, surblouses."),
        ("fr", "Autres annonces : respirateurs, visières."),
        ("fr", "Retrouvez nos autres produits : gants, tabliers, charlottes."),
        ("en", "See also: masks, gloves, aprons."),
        ("en", "Further products: masks, syringes, drapes."),
        ("en", "For gloves and gowns see our other entries."),
        ("en", "You may also like: face shields, goggles."),
    ],
    "news and banners": [
        ("de", "Aktuelle Meldung: Landkreis verteilt 5.000 Masken."),
        ("de", "Newsletter abonnieren und über Masken und Tests auf dem Laufenden bleiben!"),
        ("de", "+++ Jetzt neu auf der Plattform: Rubrik Beatmungsgeräte +++"),
        ("fr", "Actualités : la région a reçu deux millions de masques."),
        ("fr", "Abonnez-vous à notre lettre d'information sur les masques et les tests."),
        ("en", "Latest news: state buys ten million masks."),
        ("en", "Visit us at the trade fair for gloves and gowns, hall 6."),
    ],
    "about us": [
        ("de", "Unser Familienunternehmen wurde 1952 als Handschuhfabrik gegründet."),
        ("de", "Über uns: führender Anbieter rund um Masken, Kittel und Handschuhe."),
        ("de", "Wir beschäftigen 300 Mitarbeiter in den Sparten Verbandstoffe, Matratzen und Bettwäsche."),
        ("fr", "Fondée en 1975, notre entreprise familiale est connue pour ses gants et ses blouses."),
        ("fr", "Qui sommes-nous : un leader européen du masque et de la blouse."),
        ("en", "Founded in 1983, our family company is known for gloves and masks."),
        ("en", "About us: a leading maker of gowns and drapes with 450 employees."),
    ],
    "imprint, privacy, cookies": [
        ("de", "Mit Ihrer Anfrage zu Masken oder Tests stimmen Sie unserer Datenschutzerklärung zu."),
        ("de", "Es gelten die AGB für den Verkauf von Masken und Handschuhen."),
        ("fr", "Voir les conditions générales de vente de masques sur notre site."),
        ("en", "This site uses cookies to show you offers of masks and gloves."),
        ("en", "The general terms for the sale of masks and gloves apply."),
    ],
}
MEANT = [  # what looks like it, and is meant
    ("de", "Wir sind ein führender Hersteller von Masken. Wir liefern 5.000 Stück pro Woche.", {"mask"}),
    ("de", "Seit 1948 nähen wir Kittel.", {"sewing", "gown"}),
    ("de", "Biete 5.000 Masken. Außerdem geben wir Kittel ab.", {"mask", "gown"}),
    ("de", "Familienunternehmen sucht Handschuhe. Lieferung an drei Häuser.", {"gloves"}),
    ("de", "Siehe Anhang. Stichworte: Masken, Handschuhe", {"mask", "gloves"}),
    ("de", "Wegen der Maskenpflicht suchen wir 5.000 Masken.", {"mask"}),
    ("fr", "Entreprise fondée en 1975, nous fabriquons des blouses.", {"gown"}),
    ("fr", "Le port du masque étant obligatoire, nous cherchons 500 masques.", {"mask"}),
    (
        "fr",
        "Entreprise familiale depuis 1987, Rhin SAS a installé deux lignes de masques FFP2. Palettes de 24.",
        {"ffp2_mask"},
    ),
    ("de", "Unser Labor stellt seit 2011 Reagenzien her: PCR-Kits. Versand gekühlt.", {"pcr_test", "pcr_reagents"}),
    ("en", "We are a leading maker of gowns. Prices on request.", {"gown"}),
    ("en", "Goggles and face shields in stock, see photos.", {"safety_goggles", "face_shield"}),
]
GLUED = [  # no full stop before what was added
    (
        "Sanitätshaus sucht Prothesenschäfte Zur Zeit gilt in den Filialen Maskenpflicht.",
        "Sanitätshaus sucht Prothesenschäfte",
    ),
    (
        "Oximeter, 100 Stück Weitere Produkte: Waagen, Thermometer. Auch am Samstag.",
        "Oximeter, 100 Stück Auch am Samstag.",
    ),
    ("Oxymètres, 100 pièces Voir aussi : gants, masques", "Oxymètres, 100 pièces"),
    ("Glass vials, bulk Other divisions: perfume bottles, tableware.", "Glass vials, bulk"),
]


def named(text: str) -> set[str]:
    return set(find(TAXONOMY, text, asks=True))


def read(text: str, heading: str = "", *, asks: bool = True) -> str:
    return without_surroundings(text, heading, lambda said: bool(named(said)), asks=asks)


@pytest.mark.parametrize(
    ("language", "sentence"), [pair for pairs in AROUND.values() for pair in pairs], ids=lambda text: text[:40]
)
def test_what_is_said_around_a_listing_is_not_what_it_is_about(language: str, sentence: str) -> None:
    core, about = CORES[language]
    assert named(core) == about
    for text in (f"{core} {sentence}", f"{sentence} {core}" if sentence[-1] in ".!" else f"{sentence}\n{core}"):
        assert read(text) == core


@pytest.mark.parametrize(
    ("language", "text", "expected"), MEANT, ids=lambda value: value[:40] if isinstance(value, str) else ""
)
def test_what_a_listing_is_about_stays(language: str, text: str, expected: set[str]) -> None:
    assert expected <= named(read(text, asks=False))


@pytest.mark.parametrize(("text", "expected"), GLUED)
def test_what_was_added_without_a_full_stop_goes_alone(text: str, expected: str) -> None:
    assert read(text) == expected


def test_a_heading_tells_what_a_listing_is_about() -> None:
    assert read("Bestellung ab sofort. Tags: Masken, Handschuhe", "Pulsoximeter") == "Bestellung ab sofort."
    assert read("Bestellung ab sofort. Tags: Masken, Handschuhe", "Dringend") != "Bestellung ab sofort."


def test_a_text_never_ends_up_empty() -> None:
    assert read("Maskenpflicht im ganzen Haus.") == "Maskenpflicht im ganzen Haus."
