"""Pairs that fool a comparison of organisations, each alone in a table, with the verdict a person would give."""

import pandas as pd
import pytest

from matching.organisations.resolve import resolve

Record = dict[str, str]


def record(name: str, city: str = "", country: str = "", **columns: str) -> Record:
    return {"name": name, "city": city, "country": country, **columns}


def same_organisation(one: Record, other: Record) -> bool:
    table = pd.DataFrame([{"record_id": "a", **one}, {"record_id": "b", **other}])
    return bool(resolve(table).members["organisation_id"].nunique() == 1)


ONE_ORGANISATION = {
    "capitals and umlaut spellings": (
        record("Nähwerk Müller GmbH", "Reutlingen", "DE"),
        record("NAEHWERK MUELLER GMBH", "Reutlingen", "DE"),
    ),
    "legal form written out": (record("Stoffhaus AG"), record("Stoffhaus Aktiengesellschaft")),
    "legal form left out": (record("Filtronik Vliesstoffe GmbH"), record("Filtronik Vliesstoffe")),
    "legal form with dots": (record("Textiles Vosgiens S.à r.l."), record("Textiles Vosgiens SARL")),
    "legal form in front": (record("SOCIETE BIC", country="FR"), record("BIC SOCIETE", country="FR")),
    "cut at 28 characters": (
        record("Südwestdeutsche Präzisionstechnik Huber GmbH", "Tuttlingen", "DE", street="Talweg 5"),
        record("Südwestdeutsche Präzisionste", "Tuttlingen", "DE", street="Talweg 5"),
    ),
    "line break inside the name": (record("Orthotec\nSanitätshaus GmbH"), record("Orthotec Sanitätshaus GmbH")),
    "glued words": (record("Präzisa Medizintechnik"), record("PräzisaMedizintechnik")),
    "a slip of the pen": (record("Kunstoffwerk Alb", "Ulm", "DE"), record("Kunststoffwerk Alb", "Ulm", "DE")),
    "München, Munich": (record("Isarmed GmbH", "München", "DE"), record("Isarmed GmbH", "Munich", "DE")),
    "Köln-Porz lies in Köln": (record("Rheintuch KG", "KÖLN-PORZ", "DE"), record("Rheintuch KG", "Köln", "DE")),
    "Hamburg 20": (record("Elbfaser", "HAMBURG 20", "DE"), record("Elbfaser", "Hamburg", "DE")),
    "CEDEX": (
        record("Alsace Filtration", "Strasbourg Cedex 2", "FR", postal_code="67084"),
        record("Alsace Filtration", "Strasbourg", "FR", postal_code="F-67000"),
    ),
    "a bilingual town": (
        record("Pharmalux", "Brussel", "BE", street="Koningsstraat 76", postal_code="1000"),
        record("Pharmalux", "Bruxelles", "BE", street="Rue Royale 76", postal_code="1000"),
    ),
    "a body under its two names": (
        record("Foyer Anderlechtois", "Anderlecht", "BE", street="Chaussée de Mons 595", postal_code="1070",
               website="foyer.example"),
        record("Anderlechtse Haard", "Anderlecht", "BE", street="Bergensesteenweg 595", postal_code="1070",
               website="www.foyer.example"),
    ),
    "a department of a body": (
        record("Klinikum Alb", "Albstadt", "DE", website="klinikum-alb.example"),
        record("Klinikum Alb - Einkauf", "Albstadt", "DE", website="https://klinikum-alb.example/einkauf"),
    ),
    "a branch after the legal form": (
        record("Elbfaser AG Niederlassung Kiel", "Kiel", "DE", website="elbfaser.example"),
        record("Elbfaser AG, Einkauf", "Hamburg", "DE", website="elbfaser.example"),
    ),
    "a department that a dash sets off, the legal form before it": (
        record("Elbfaser — AG — Einkauf", "Kiel", "DE", website="elbfaser.example"),
        record("Elbfaser", "Hamburg", "DE", website="elbfaser.example"),
    ),
    "a comma within the legal name": (
        record("Lang, Huber & Co. KG", "Ulm", "DE", street="Talweg 5", postal_code="89073"),
        record("Lang Huber KG", "Ulm", "DE", street="Talweg 5", postal_code="89073"),
    ),
    "an acronym beside another word": (
        record("EPA INSTO", "Brest", "FR", street="13 rue du Moulin", postal_code="29200"),
        record("Institut National de Stérilisation et de Tissage de l'Ouest", "Brest", "FR",
               street="13 rue du Moulin", postal_code="29200"),
    ),
    "only common words more": (
        record("Conseil départemental de la Gironde", "Bordeaux", "FR"),
        record("Département de la Gironde", "Bordeaux", "FR"),
    ),
    "an ordinal": (record("1st Nordic Clinic"), record("First Nordic Clinic")),
    "a contraction": (record("Nordic Int'l Textiles"), record("Nordic International Textiles")),
    "initials joined by a word": (record("K and S Textil AG"), record("K&S Textil AG")),
    "a legal form cut short": (record("Rodopi Textil Joint Stock Compan"), record("Rodopi Textil Joint Stock Company")),
    "an apostrophe": (record("O'Hara Medical"), record("OHara Medical")),
    "the Danish and that is an Austrian form": (
        record("Materiel- og Indkøbsstyrelsen", "Ballerup", "DK"),
        record("Materiel og Indkøbsstyrelse", "Ballerup", "DK"),
    ),
    "a kind of body abbreviated": (
        record("Univ.-Klinikum Albtal", "Albtal"), record("Universitätsklinikum Albtal", "Albtal")),
    "a kind of body in two languages": (
        record("Uniklinik Aachen", "Aachen", "DE"), record("University Hospital Aachen", "Aachen", "DE")),
    "CHU written out": (record("CHU de Reims", "Reims"), record("Centre hospitalier universitaire de Reims", "Reims")),
    "CHRU and a dash": (
        record("CHRU Tours", "Tours"), record("Centre hospitalier régional et universitaire de Tours", "Tours")),
    "a chamber": (record("IHK Neckartal", "Nürtingen"), record("Industrie- und Handelskammer Neckartal", "Nürtingen")),
    "a chamber of crafts": (record("HWK Kassel", "Kassel"), record("Handwerkskammer Kassel", "Kassel")),
    "a relief organisation": (
        record("DRK Kreisverband Ahrtal e.V.", "Altenahr"),
        record("Deutsches Rotes Kreuz KV Ahrtal e. V.", "Altenahr")),
    "a saint": (record("Sankt Vinzenz Hospiz", "Zell"), record("St. Vinzenz-Hospiz", "Zell")),
    "une sainte": (record("Clinique Sainte-Odile", "Obernai"), record("Clinique Ste Odile", "Obernai")),
    "town hall and town": (record("Mairie de Sélestat", "Sélestat"), record("Ville de Sélestat", "Sélestat")),
    "a town with its title": (record("Landeshauptstadt Mainz", "Mainz"), record("Stadt Mainz", "Mainz")),
    "a district and its office": (record("Landratsamt Calw", "Calw"), record("Landkreis Calw", "Calw")),
    "an abbreviation that a name begins with": (
        record("TU Chemnitz", "Chemnitz"), record("Technische Universität Chemnitz", "Chemnitz")),
    "an acronym in front that says it again": (
        record("UKA Universitätsklinikum Augsburg", "Augsburg"), record("Universitätsklinikum Augsburg", "Augsburg")),
    "an acronym of some of the words": (
        record("JGU Mainz", "Mainz"), record("Johannes Gutenberg-Universität Mainz", "Mainz")),
    "an acronym alone": (record("Textilverband Alb Nord", "Ulm"), record("TAN", "Ulm")),
    "the town inside the name": (record("Gymnasium Sankt Blasien", "Ulm"), record("Gymnasium St. Blasien Ulm", "Ulm")),
    "the town before the name, no place stated": (
        record("KINGSTON LAKEVIEW MEMORIAL", country="CA"), record("Lakeview Memorial Hospital", country="CA")),
    "a name cut in the middle of a word": (
        record("Südbadische Verbandstoffmanufaktur GmbH", "Lahr", street="Am Ring 4"),
        record("Südbadische Verbandstoffma", "Lahr", street="Am Ring 4")),
    "words cut in capitals": (
        record("CALDER FILTER TECH LTD", "Leeds"), record("Calder Filter Technologies Limited", "Leeds")),
    "contractions": (
        record("NORVIK MFG & SRVCS GRP PLC", "Hull"), record("Norvik Manufacturing & Services Group plc", "Hull")),
    "Cia": (record("Cia. Textil Levante SA", "Alcoy"), record("Compañía Textil Levante, S.A.", "Alcoy")),
    "a company within the compound": (
        record("Kessler Handelsgesellschaft mbH", "Hof"), record("Kessler Handels-GmbH", "Hof")),
    "photo and foto": (record("Photostudio Amsel", "Gera"), record("Foto-Studio Amsel", "Gera")),
    "a former name": (
        record("Vialux Systeme GmbH (vormals Amsel Lichttechnik GmbH)", "Gera"),
        record("Amsel Lichttechnik GmbH", "Gera")),
    "an institute before its university": (
        record("Institut für Textilchemie, Universität Albstadt", "Albstadt"),
        record("Universität Albstadt", "Albstadt")),
    "a name in two languages": (
        record("Lakeview Clinic / Clinique du Lac", "Kingston"), record("Lakeview Clinic", "Kingston")),
    "the bare name of a town": (record("Zabern", "Zabern"), record("Ville de Zabern", "Zabern")),
    "acronyms in two languages": (
        record("NVTG NV", "Gent", "BE", street="Havenlaan 2", postal_code="9000", website="nvtg.example"),
        record("SFTG SA", "Gent", "BE", street="Avenue du Port 2", postal_code="9000", website="nvtg.example"),
    ),
    "a number in words": (record("Trois Cèdres", "Nice"), record("3 Cèdres", "Nice")),
    "a title": (record("Praxis Dr. med. Hanna Amselweg", "Gera"), record("Dr. Hanna Amselweg", "Gera")),
    "Greek": (record("Ελληνικά Υφάσματα ΑΕ", "Αθήνα", "GR"), record("ΕΛΛΗΝΙΚΑ ΥΦΑΣΜΑΤΑ ΑΕ", "Athens", "GR")),
    "Japanese and Latin letters": (record("トミナミ株式会社"), record("Tominami")),
    "a form written as part of the name": (record("北川製薬株式会社", "長野"), record("北川製薬", "長野")),
    "management shortened": (record("Albtal Facility Mgt GmbH"), record("Albtal Facility Management GmbH")),
    "Bulgarian and Latin letters": (record("Текстил Родопи ЕООД"), record("Tekstil Rodopi EOOD")),
}  # fmt: skip

TWO_ORGANISATIONS = {
    "two empty names": (record("", "Ulm", "DE"), record("", "Ulm", "DE")),
    "names without a letter": (record("!!!", "Ulm", "DE"), record("???", "Ulm", "DE")),
    "different Bulgarian names": (record("Текстил Родопи", "София", "BG"), record("Аптека Витоша", "София", "BG")),
    "a holding": (
        record("ABB E-mobility AG", "Zürich", "CH", website="abb.example"),
        record("ABB E-mobility Holding AG", "Zürich", "CH", website="abb.example"),
    ),
    "a management company at the same address": (
        record("Weber Metallbau GmbH", "Ulm", "DE", street="Talweg 5", postal_code="89073"),
        record("Weber Metallbau Verwaltungs GmbH", "Ulm", "DE", street="Talweg 5", postal_code="89073"),
    ),
    "two forms written as part of the name": (record("北川製薬株式会社", "長野"), record("北川製薬有限会社", "長野")),
    "two funds": (record("Albtal Ertrag Global SICAV"), record("Albtal Ertrag Global FCP")),
    "a firm and a fund": (record("Albtal Ertrag Global GmbH"), record("Albtal Ertrag Global SICAV")),
    "letters that a name begins with": (record("MGT Facility GmbH"), record("Facility Management GmbH")),
    "another legal form": (record("Sonnenhof Textil AG"), record("Sonnenhof Textil GmbH")),
    "two register numbers": (
        record("Rathaus-Apotheke", "Ulm", "DE", registration_number="HRA 1234"),
        record("Rathaus-Apotheke", "Ulm", "DE", registration_number="HRA 9876"),
    ),
    "a common name in two towns": (
        record("Institut für Medizin", "Ulm", "DE", postal_code="89073", website="med-ulm.example"),
        record("Institut für Medizin", "Kiel", "DE", postal_code="24103", website="med-kiel.example"),
    ),
    "homonyms in two countries": (record("Solvia Pharma", "Paris", "FR"), record("Solvia Pharma", "Wien", "AT")),
    "numbered units": (record("Seniorenheim 1", "Ulm", "DE"), record("Seniorenheim 2", "Ulm", "DE")),
    "one letter, other town": (record("Bauer Textil", "Ulm", "DE"), record("Maurer Textil", "Kiel", "DE")),
    "firms of a group behind a dash": (
        record("Elbe – Plin d.o.o.", "Osijek", "HR", website="elbe.example"),
        record("Elbe – Imovina d.o.o.", "Zagreb", "HR", website="elbe.example"),
    ),
    "a company in the house of a body": (
        record(
            "Vagonka Leasing SA", "Madrid", "ES", street="Calle Pío 110", postal_code="28036", website="vago.example"
        ),
        record(
            "Entidad Ferroviaria Operadora",
            "Madrid",
            "ES",
            street="Calle Pío 110",
            postal_code="28036",
            website="vago.example",
        ),
    ),
    "volumes of a series": (record("Elbtal Partners Fund V L.P."), record("Elbtal Partners Fund VI L.P.")),
    "a university and its clinic": (
        record("Universität Albtal", "Albtal"),
        record("Universitätsklinikum Albtal", "Albtal"),
    ),
    "a town and its works": (record("Stadt Calw", "Calw"), record("Stadtwerke Calw", "Calw")),
    "a savings bank and its foundation": (record("Sparkasse Calw", "Calw"), record("Sparkassenstiftung Calw", "Calw")),
    "a clinic and its service company at one address": (
        record("Klinik Amselhof", "Calw", street="Waldweg 3", postal_code="75365"),
        record("Klinik-Servicegesellschaft Amselhof mbH", "Calw", street="Waldweg 3", postal_code="75365"),
    ),
    "two kinds of body of one saint": (
        record("Apotheke Sankt Vinzenz Zell", "Zell"),
        record("Kindergarten Sankt Vinzenz Zell", "Zell"),
    ),
    "two universities of one town": (
        record("Hochschule Ludwigsburg", "Ludwigsburg"),
        record("Pädagogische Hochschule Ludwigsburg", "Ludwigsburg"),
    ),
    "a town and its university of applied sciences": (
        record("Nürtingen", "Nürtingen"),
        record("Hochschule Nürtingen", "Nürtingen"),
    ),
    "a catholic one": (record("Université de Lille", "Lille"), record("Université catholique de Lille", "Lille")),
    "a zoo and its friends": (record("Zoo Ostwald", "Ostwald"), record("Zoofreunde Ostwald", "Ostwald")),
    "names with two towns": (
        record("Calw District Hospital", country="DE"),
        record("Nagold District Hospital", country="DE"),
    ),
    "one letter is the name": (record("K&L Sterilgut", "Hof"), record("K&W Sterilgut", "Hof")),
    "a letter at the end": (record("Klinik Amselhof A", "Hof"), record("Klinik Amselhof B", "Hof")),
    "no legal form at the beginning": (
        record("Spa Klinik Amselhof", "Hof", street="Ring 1"),
        record("Klinik Amselhof", "Hof", street="Weg 9"),
    ),
    "two clubs": (record("AS Wisches", "Wisches"), record("SC Wisches", "Wisches")),
    "two firms of a group at one address and host": (
        record("Lumatec Leuchten GmbH", "Hof", street="Ring 1", postal_code="95028", website="amsel.example"),
        record("Polarfrost Logistik GmbH", "Hof", street="Ring 1", postal_code="95028", website="amsel.example"),
    ),
    "neighbours in an office tower": (
        record("Filtronik", "Wien", "AT", street="Turmgasse 1", postal_code="1010"),
        record("Kanzlei Huber", "Wien", "AT", street="Turmgasse 1", postal_code="1010"),
    ),
    "the same mail provider": (
        record("Filtronik", "Wien", "AT", email_domain="gmx.at"),
        record("Näherei Huber", "Wien", "AT", email_domain="gmx.at"),
    ),
}


@pytest.mark.parametrize("trap", ONE_ORGANISATION)
def test_one_organisation(trap: str) -> None:
    one, other = ONE_ORGANISATION[trap]
    assert same_organisation(one, other)
    assert same_organisation(other, one)


@pytest.mark.parametrize("trap", TWO_ORGANISATIONS)
def test_two_organisations(trap: str) -> None:
    one, other = TWO_ORGANISATIONS[trap]
    assert not same_organisation(one, other)
    assert not same_organisation(other, one)
