"""Numbers that are no amounts: labels, sizes, weights per area, prices, days, staff, smallest orders.

Some are none anywhere (`without_other_numbers`); others only where the text names an amount besides
(`without_surroundings`): "3 Pflegekräfte" may be what is sought, in "Für 80 Pflegekräfte 4.800 Masken" it is not.
"""

import re

_NUMBER = r"\d+(?:[.,'’ ]\d{3})*(?:[.,]\d+)?(?!\d)"
_LENGTH = r"(?:mm|cm|µm|m|lfm|inch|Zoll|ft)\b"
_PERIODS = (
    "tage?n?|arbeitstage?n?|werktage?n?|wochen?|kalenderwochen?|monate?n?|monats|jahre?n?|jours?|journées?|semaines?|mois|ans?|années?"
    "|days?|weeks?|months?|years?|wo|mon|wk|sem"
)
_MONTHS = (
    "januar|jan|jänner|january|janvier|februar|feb|february|février|märz|mrz|march|mars|april|apr|avril|mai|may|juni|june"
    "|juin|juli|july|juillet|august|aug|août|september|sept?|septembre|oktober|okt|october|oct|octobre|november|nov"
    "|novembre|dezember|dez|december|dec|décembre"
)
# A label before the number.
_LABELLED = re.compile(
    r"\b(?:(?:DIN|EN|ISO|IEC|VDI|FFP|KN|KF|KW|CW|N|P|Typ|Type|Level|Klasse|Kat\.?|Cat\.?|PLZ|Postleitzahl"
    r"|Code postal|CP"
    r"|Zip|Größen?|Gr\.|Sizes?|taille|pointure|T\.)[\s:-]*)+\d[\d:./-]*(?:\+A\w*:?\d*)*(?:\s?(?:bis|à"
    r"|to)\s?\d{1,2}(?!\d)|–\d{1,2}(?!\d))?"
    r"|\b(?:Pos(?:ition)?|Los|Lot|Item|Ziffer|Charge|Art(?:ikel)?[.-]*\s?(?:Nr|Nummer)?|Artikelnummer"
    r"|Bestell[.-]*\s?(?:Nr|nummer)"
    r"|Mat(?:erial)?[.-]*\s?Nr|Réf(?:érence)?|Ref(?:erence)?|P/N|SKU|PZN|Code|Modell?|Modèle|Model|Serie|Série"
    r"|article|poste|Zeile|Row|Ligne|Line|Tender|Marché|Ticket|Anlage|Annexe|Punkt|(?:lfd\.|laufende)\s?(?:Nr|Nummer))"
    r"\b[.\s:-]*(?:(?:n°|nº|Nr\.?|No\.?|num\.?|#)[\s:]*)?\d(?:[\w./-]*\w)?"
    r"|(?<!\w)(?:n°|nº|Nr\.|No\.|#)\s*\d[\w./-]*"
    # "1) …", "3. 2.000 Masken": the number of a line in a list; "Auftrag 12 - 500 Masken"
    r"|^\W*\d{1,3}[.)]\s+(?!000)(?=\D{0,30}\d)"
    r"|\b(?:Auftrag|Anfrage|Bestellung|Ausschreibung|Angebot|Projekt|Order|Request|Offer|Project|Offre|Demande|Commande"
    r"|Projet|Devis|Phase|Bloc?k?)\s+\d[\w/.-]*\s+[-–—:]\s+(?=\d)"
    r"|\bCOVID[-\s]?19\b|\bCoV-?2\b|\b3M\s+(?:Aura\s+)?\d{4}\w*|\b(?:3|2|4)-?D\b"
    r"|(?:€|\bEUR|\bEuro|\bCHF|\bUSD|\bGBP|\$|£)\s*\d[\d.,]*"
    # "ab 10.000 Stück: 0,39 €": the step of a price
    rf"|\b(?:ab|from|dès|à partir de)\s+{_NUMBER}\s*\w*\.?\s*[:=à]\s*"
    r"(?=[€$]?\s?\d[\d.,]*\s?(?:€|EUR|Euro|ct|Cent)|[€$])"
    r"|\b(?:Breite|breit|laize|largeur|width|wide|Länge|longueur|length|Stärke|Dicke|thickness|épaisseur"
    r"|Durchmesser|diamètre"
    r"|Ø|Format|Maße|Abmessung(?:en)?|dimensions?)\s*:?\s*(?:ca\.|von|de|of)?\s*\d[\d.,]*(?:\s*[x×]\s*\d[\d.,]*)*"
    rf"\s*(?:{_LENGTH})?"
    r"|\b(?:MOQ|Mindest(?:abnahme|menge|bestell\w*)(?:menge)?|(?:quantité |commande )?minim(?:um|ale) de commande"
    r"|commande minimale|quantité minimale|min(?:imum|\.)? order(?: quantity)?)\s*:?\s*(?:von|de|of|is|=)?\s*"
    rf"{_NUMBER}(?:\s*(?:Stück|Stk|St|pièces|pcs|pieces|units|unités)\b\.?)?",
    re.IGNORECASE,
)
# What stands behind the number.
_TRAILED = re.compile(
    r"(?<!\d)(?=\d)(?:"  # spares the search of all that follows where no number begins
    r"\d[\d.,]*\s*(?:(?:Mio|Mrd|Tsd|k|M|mill(?:ion|iard)(?:en?|s)?)\b\.?\s*(?:d['’]|de )?)?(?:%|€|\$|£|prozent\w*"
    r"|pour ?cent|(?:EUR|Euros?|CHF|USD|GBP|ct)\b)"
    r"|\d[\d.,]*\s*(?:(?:g|gr|kg|ml|l)\s*(?:/|pro|par|per)\s*(?:m²|m2\b|qm\b|sqm\b)|gsm\b|g/qm\b)"
    rf"|\d[\d.,]*\s*(?:{_LENGTH})?\s*[x×]\s*\d[\d.,]*(?:\s*(?:{_LENGTH})?\s*[x×]\s*\d[\d.,]*)?\s*(?:mm|cm|µm)\b"
    r"|\d[\d.,]*\s*m\s*[x×]\s*\d[\d.,]*\s*m\b"
    rf"|\d[\d.,]*\s*{_LENGTH}[\s-]*(?:breit|lang|hoch|dick|stark|wide|long|thick|high|de (?:large|long|haut)|Breite"
    r"|Länge|Durchmesser)\w*"
    r"|\d+\s*(?:ft|feet|pieds|Fuß)\b|\d+\s*°\s*C?|\b\d{1,2}\s?(?-i:G)\b"
    r"|\b\d{1,3}\s*[x×-]?\s*(?:mal\s+|fois\s+|times\s+)?(?:waschbar|wiederverwendbar|autoklavierbar|lavables?|washable"
    r"|reusable|réutilisables?|Wäschen|lavages|washes)\w*"
    r"|\b\d{1,2}(?:\s|-)?(?:lagig|fach|ply|plis?|couches|schichtig|teilig|stellig|layers?)\w*\b"
    r"|(?<![\d.,])\d{1,2}\.\d{1,2}\.(?:\d{4}|\d\d)?(?!\d)|\b\d{4}-\d\d-\d\d\b"
    r"|(?<![\d.,])\d{1,2}/\d{1,2}(?:/(?:\d{4}|\d\d))?(?![\d/])(?!\s*\w)"
    rf"|(?<![\d.,' ])\d{{1,2}}(?:\.|er|st|nd|rd|th)?\s*(?:of\s+)?(?:{_MONTHS})\b(?!-)(?:\s*20\d\d\b)?"
    r"|\d+\s*h?\s*/\s*(?:7|24)\b|\d+ jours? sur \d+"
    rf"|\d+(?:\s*(?:-|–|bis|à)\s*\d+)?\s*(?:{_PERIODS})\b(?!-)"
    r")",
    re.IGNORECASE,
)
_DAYS_AND_DELAYS = re.compile(
    rf"\b(?:{_MONTHS})\s+(?:20\d\d\b|\d{{1,2}}(?:st|nd|rd|th)?\b(?![.,'\s]?\d))"
    r"|\b(?:sous|within|innerhalb von|in)\s+\d+\s*(?:h|Stunden|heures|hours)\b",
    re.IGNORECASE,
)
_SURROUNDINGS = re.compile(
    rf"(?:{_NUMBER})(?:-?köpfige[smnr]*)?\s*(?:Mitarbeiter\w*|Beschäftigte\w*|Näher\w*|Angestellte\w*|Leute\w*"
    rf"|Personen|couturi\w+"
    r"|employés?\w*|salariés?\w*|personnes|collaborateurs\w*|staff|employees|people|workers|volunteers|seamstresses"
    r"|sewers)\b"
    rf"|{_NUMBER}\s*(?:g|gr|gramm)[\s-]+(?:\w*Vlies|Meltblown|\w*Stoff|tissu|fabric|Papier)\b"
    r"|(?<![\d.,x×àá])(?<![x×àá] )(?<!de )(?<!of )(?<!je )(?<!zu )(?<! a )"
    rf"{_NUMBER}\s*(?:ml|cl|cm|mm|µm|mg)\b(?!\s*(?:pro|par|per|/|[a-zäö]*fl))"
    rf"|\b(?:team of|Team von|équipe de|Team mit)\s+(?:{_NUMBER})"
    rf"|\b(?:für|pour|for)\s+(?:(?:unsere|nos|notre|our|die|les|the)\s+)?(?:{_NUMBER})\s+[^\W\d]+"
    r"|\b(?:\w*Klinik(?:um)?|\w*krankenhaus|\w*heim|\w*haus|CHU|CH|hôpital|clinique|EHPAD|hospital|clinic|\w*Praxis"
    r"|\w*Betrieb|\w*werk)"
    rf"\s+(?:mit|de|with|à|of)\s+(?:{_NUMBER})\s+[^\W\d]+|\d+-(?:bed|Betten)\b",
    re.IGNORECASE,
)
_PACKING = re.compile(rf"\(?\bVE\s*(?:=|à|:|zu|von)?\s*(?:{_NUMBER})\s*(?:Stk|Stück|St)?\b\.?\)?", re.IGNORECASE)
_COUNTED_PACKING = re.compile(r"\d\s*VE\b", re.IGNORECASE)
_DIGIT = re.compile(r"\d")


def without_other_numbers(text: str) -> str:
    """The text with "…" for numbers that are never amounts."""
    if _DIGIT.search(text) is None:
        return text
    return _DAYS_AND_DELAYS.sub("…", _TRAILED.sub("…", _LABELLED.sub("…", text)))


def without_surroundings(text: str) -> str:
    """The text with "…" for numbers that tell about the sender or the packing, if another number stays."""
    bare = _SURROUNDINGS.sub("…", text)
    if _COUNTED_PACKING.search(bare) is None:
        bare = _PACKING.sub("…", bare)
    return bare if bare == text or _DIGIT.search(bare) else text
