"""Notices of public buyers as XML: eForms (UBL, since 2023) and the schema of TED_EXPORT (R2.0.9, until then).

One notice a document. Both become a row with the field names of TED's search interface, so that one reading of a notice
serves all three. A notice holds hundreds of elements; the paths below are all that is read.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from xml.etree.ElementTree import Element

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from sources.platform import RawDocument, UnknownFormat
from sources.rows.read import Row
from sources.week import LOCAL_TIME

Fields = Iterator[tuple[str, str]]
LANGUAGES = dict(
    zip(
        "BG CS DA DE EL EN ES ET FI FR GA HR HU IT LV LT MT NL PL PT RO SK SL SV".split(),
        "bul ces dan deu ell eng spa est fin fra gle hrv hun ita lav lit mlt nld pol por ron slk slv swe".split(),
        strict=True,
    )
)
COUNTRIES = {"DE": "DEU", "FR": "FRA", "AT": "AUT", "CH": "CHE", "LU": "LUX", "BE": "BEL"}
NOTICE_TYPES = {"2": "corr", "3": "cn-standard", "7": "can-standard"}  # TD_DOCUMENT_TYPE of the older schema


def read_notice_xml(document: RawDocument) -> Row:
    """The fields of one notice; raises UnknownFormat if the bytes are no notice, or declare entities."""
    try:
        root = defusedxml.ElementTree.fromstring(document.content, forbid_dtd=True)
    except (DefusedXmlException, defusedxml.ElementTree.ParseError, ValueError, LookupError) as error:
        raise UnknownFormat(f"{document.name}: no well-formed XML ({error})") from error
    name = root.tag.rpartition("}")[2]
    if name not in READERS:
        raise UnknownFormat(f"{document.name}: not a notice but <{name}>")
    return Row(document.name, {label: value for label, value in READERS[name](root) if value})


def _older(root: Element) -> Fields:
    """TED_EXPORT: coded data beside the form in the buyer's own language."""
    body, contract = ".//{*}ADDRESS_CONTRACTING_BODY", ".//{*}OBJECT_CONTRACT"
    form = next((f for f in root.findall("{*}FORM_SECTION/*") if f.get("CATEGORY") == "ORIGINAL"), root)
    language = form.get("LG", "")
    code = LANGUAGES.get(language, language.lower())
    country = _attribute(form, f"{body}/{{*}}COUNTRY", "VALUE")
    kind = _attribute(root, ".//{*}TD_DOCUMENT_TYPE", "CODE")
    yield "publication-number", root.get("DOC_ID", "").lstrip("0")
    yield "notice-type", NOTICE_TYPES.get(kind, f"TD_DOCUMENT_TYPE {kind}")
    yield f"notice-title.{code}", _text(form, f"{contract}/{{*}}TITLE")
    yield f"description.{code}", _text(form, f"{contract}/{{*}}SHORT_DESCR")
    yield "buyer-name", _text(form, f"{body}/{{*}}OFFICIALNAME")
    yield "buyer-street", _text(form, f"{body}/{{*}}ADDRESS")
    yield "buyer-post-code", _text(form, f"{body}/{{*}}POSTAL_CODE")
    yield "buyer-city", _text(form, f"{body}/{{*}}TOWN")
    yield "buyer-country", COUNTRIES.get(country, country)
    yield "buyer-internet-address", _text(form, f"{body}/{{*}}URL_GENERAL")
    yield "classification-cpv", _attribute(root, ".//{*}ORIGINAL_CPV", "CODE")
    yield "place-of-performance", _attribute(root, ".//{*}PERFORMANCE_NUTS", "CODE")
    yield "publication-date", _local(_text(root, ".//{*}REF_OJS/{*}DATE_PUB"))
    yield "deadline-receipt-request", _local(_text(root, ".//{*}DT_DATE_FOR_SUBMISSION"))


def _eforms(root: Element, default_type: str) -> Fields:
    """UBL: the notice names its buyer by an id; the organisations stand in an extension."""
    publication = ".//{*}EformsExtension/{*}Publication"
    project, place = "{*}ProcurementProject", "{*}RealizedLocation/{*}Address/{*}CountrySubentityCode"
    buyer = _text(root, "{*}ContractingParty/{*}Party/{*}PartyIdentification/{*}ID")
    companies = root.findall(".//{*}Organization/{*}Company")
    company = next((c for c in companies if _text(c, "{*}PartyIdentification/{*}ID") == buyer), Element("none"))
    code = _text(root, "{*}NoticeLanguageCode").lower()
    period = ".//{*}TenderSubmissionDeadlinePeriod"
    yield "publication-number", _text(root, f"{publication}/{{*}}NoticePublicationID").lstrip("0")
    yield "notice-type", _text(root, "{*}NoticeTypeCode") or default_type
    yield f"notice-title.{code}", _said_in(root, f"{project}/{{*}}Name", code)
    yield f"description.{code}", _said_in(root, f"{project}/{{*}}Description", code)
    yield "buyer-name", _text(company, "{*}PartyName/{*}Name")
    yield "buyer-street", _text(company, "{*}PostalAddress/{*}StreetName")
    yield "buyer-post-code", _text(company, "{*}PostalAddress/{*}PostalZone")
    yield "buyer-city", _text(company, "{*}PostalAddress/{*}CityName")
    yield "buyer-country", _text(company, "{*}PostalAddress/{*}Country/{*}IdentificationCode")
    yield "buyer-internet-address", _text(company, "{*}WebsiteURI")
    yield (
        "classification-cpv",
        _text(root, f"{project}/{{*}}MainCommodityClassification/{{*}}ItemClassificationCode"),
    )
    yield "place-of-performance", _text(root, f"{project}/{place}")
    yield "publication-date", _zoned(_text(root, f"{publication}/{{*}}PublicationDate"), "")
    yield (
        "deadline-receipt-request",
        _zoned(_text(root, f"{period}/{{*}}EndDate"), _text(root, f"{period}/{{*}}EndTime")),
    )


READERS: Mapping[str, Callable[[Element], Fields]] = {
    "TED_EXPORT": _older,
    "ContractNotice": partial(_eforms, default_type="cn-standard"),
    "ContractAwardNotice": partial(_eforms, default_type="can-standard"),
    "PriorInformationNotice": partial(_eforms, default_type="pin-only"),
}


def _text(node: Element, path: str) -> str:
    """All text below the first element at a path, paragraphs as lines."""
    found = node.find(path)
    return "" if found is None else "\n".join(part.strip() for part in found.itertext() if part.strip())


def _said_in(node: Element, path: str, code: str) -> str:
    """The text at a path in a language, where a notice says it in several; the first if it names none."""
    found = [element for element in node.findall(path) if element.get("languageID", "").lower() == code]
    return "\n".join(part.strip() for part in found[0].itertext() if part.strip()) if found else _text(node, path)


def _attribute(node: Element, path: str, name: str) -> str:
    found = node.find(path)
    return "" if found is None else found.get(name, "")


def _local(text: str) -> str:
    """``20200416`` or ``20200430 12:00`` in the time of Brussels and Berlin as ISO 8601; anything else as it stands."""
    for form in ("%Y%m%d %H:%M", "%Y%m%d"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=LOCAL_TIME).isoformat()
        except ValueError:
            continue
    return text


def _zoned(day: str, time: str) -> str:
    """``2024-02-01+01:00`` and ``12:00:00+01:00`` as one ISO 8601 time; a bare day is its start.

    Without a zone it is the time of Brussels and Berlin; anything that is no time as it stands.
    """
    if not day:
        return ""
    said = f"{day[:10]}T{time or '00:00:00'}" + ("" if time[8:] else day[10:])
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return said
    return (found if found.tzinfo else found.replace(tzinfo=LOCAL_TIME)).isoformat()
