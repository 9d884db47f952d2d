"""Notices as XML give the same rows as the search interface, whatever their schema."""

from datetime import UTC, datetime

import pytest

from sources.platform import LayoutChanged, RawDocument, UnknownFormat
from sources.platforms.ted import PLATFORM
from sources.readers.notice import read_notice_xml

NOW = datetime(2020, 4, 20, tzinfo=UTC)
OLDER = """<?xml version="1.0" encoding="UTF-8"?>
<TED_EXPORT xmlns="http://publications.europa.eu/resource/schema/ted/R2.0.9/publication" DOC_ID="012345-2020">
 <CODED_DATA_SECTION>
  <REF_OJS><DATE_PUB>20200416</DATE_PUB></REF_OJS>
  <NOTICE_DATA><LG_ORIG>DE</LG_ORIG><ORIGINAL_CPV CODE="33140000">Medizinische Verbrauchsartikel</ORIGINAL_CPV>
   <n:PERFORMANCE_NUTS xmlns:n="http://publications.europa.eu/resource/schema/ted/2016/nuts" CODE="DE112"/>
  </NOTICE_DATA>
  <CODIF_DATA><DT_DATE_FOR_SUBMISSION>20200430 12:00</DT_DATE_FOR_SUBMISSION>
   <TD_DOCUMENT_TYPE CODE="3">Contract notice</TD_DOCUMENT_TYPE></CODIF_DATA>
 </CODED_DATA_SECTION>
 <FORM_SECTION>
  <F02_2014 CATEGORY="TRANSLATION" LG="EN"><OBJECT_CONTRACT><TITLE><P>Masks</P></TITLE></OBJECT_CONTRACT></F02_2014>
  <F02_2014 CATEGORY="ORIGINAL" LG="DE">
   <CONTRACTING_BODY><ADDRESS_CONTRACTING_BODY><OFFICIALNAME>Klinikum Neckartal</OFFICIALNAME>
    <ADDRESS>Am Ufer 1</ADDRESS><TOWN>Esslingen</TOWN><POSTAL_CODE>73728</POSTAL_CODE><COUNTRY VALUE="DE"/>
    <E_MAIL>vergabe@klinikum.example</E_MAIL><URL_GENERAL>https://klinikum.example</URL_GENERAL>
   </ADDRESS_CONTRACTING_BODY></CONTRACTING_BODY>
   <OBJECT_CONTRACT><TITLE><P>FFP2-Masken</P></TITLE>
    <SHORT_DESCR><P>Lieferung in drei Losen.</P><P>Norm EN 149.</P></SHORT_DESCR></OBJECT_CONTRACT>
  </F02_2014>
 </FORM_SECTION>
</TED_EXPORT>"""
EFORMS = """<?xml version="1.0" encoding="UTF-8"?>
<ContractNotice xmlns="urn:oasis:names:specification:ubl:schema:xsd:ContractNotice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
 xmlns:ext="urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2"
 xmlns:efext="http://data.europa.eu/p27/eforms-ubl-extensions/1"
 xmlns:efac="http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1"
 xmlns:efbc="http://data.europa.eu/p27/eforms-ubl-extension-basic-components/1">
 <ext:UBLExtensions><ext:UBLExtension><ext:ExtensionContent><efext:EformsExtension>
  <efac:Organizations>
   <efac:Organization><efac:Company><cac:PartyIdentification><cbc:ID>ORG-0002</cbc:ID></cac:PartyIdentification>
    <cac:PartyName><cbc:Name>Vergabekammer</cbc:Name></cac:PartyName></efac:Company></efac:Organization>
   <efac:Organization><efac:Company><cbc:WebsiteURI>https://chu.example</cbc:WebsiteURI>
    <cac:PartyIdentification><cbc:ID>ORG-0001</cbc:ID></cac:PartyIdentification>
    <cac:PartyName><cbc:Name languageID="FRA">CHU du Rhin</cbc:Name></cac:PartyName>
    <cac:PostalAddress><cbc:StreetName>1 quai</cbc:StreetName><cbc:CityName>Strasbourg</cbc:CityName>
     <cbc:PostalZone>67000</cbc:PostalZone>
     <cac:Country><cbc:IdentificationCode>FRA</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
    <cac:Contact><cbc:ElectronicMail>marches@chu.example</cbc:ElectronicMail></cac:Contact>
   </efac:Company></efac:Organization>
  </efac:Organizations>
  <efac:Publication><efbc:NoticePublicationID>00123456-2024</efbc:NoticePublicationID>
   <efbc:PublicationDate>2024-02-01+01:00</efbc:PublicationDate></efac:Publication>
 </efext:EformsExtension></ext:ExtensionContent></ext:UBLExtension></ext:UBLExtensions>
 <cbc:NoticeTypeCode listName="competition">cn-standard</cbc:NoticeTypeCode>
 <cbc:NoticeLanguageCode>FRA</cbc:NoticeLanguageCode>
 <cac:ContractingParty><cac:Party><cac:PartyIdentification><cbc:ID>ORG-0001</cbc:ID></cac:PartyIdentification></cac:Party>
 </cac:ContractingParty>
 <cac:ProcurementProject><cbc:Name languageID="FRA">Masques FFP2</cbc:Name>
  <cbc:Description languageID="FRA">Fourniture de masques.</cbc:Description>
  <cac:MainCommodityClassification><cbc:ItemClassificationCode>33140000</cbc:ItemClassificationCode>
  </cac:MainCommodityClassification>
  <cac:RealizedLocation><cac:Address><cbc:CountrySubentityCode>FRF11</cbc:CountrySubentityCode></cac:Address>
  </cac:RealizedLocation></cac:ProcurementProject>
 <cac:ProcurementProjectLot><cac:TenderingProcess><cac:TenderSubmissionDeadlinePeriod>
  <cbc:EndDate>2024-03-01+01:00</cbc:EndDate><cbc:EndTime>12:00:00+01:00</cbc:EndTime>
 </cac:TenderSubmissionDeadlinePeriod></cac:TenderingProcess></cac:ProcurementProjectLot>
</ContractNotice>"""


def document(text: str) -> RawDocument:
    return RawDocument("ted/notice.xml", text.encode(), "", NOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            OLDER,
            {
                "source_id": "12345-2020",
                "title": "FFP2-Masken",
                "text": "Lieferung in drei Losen.\nNorm EN 149.",
                "language": "de",
                "organisation_name": "Klinikum Neckartal",
                "street": "Am Ufer 1",
                "postal_code": "73728",
                "city": "Esslingen",
                "country": "DE",
                "region": None,  # the town says more
                "category": "33140000",
                "website": "https://klinikum.example",
                "status": "open",
                "posted_at": datetime(2020, 4, 15, 22, tzinfo=UTC),
                "available_until": datetime(2020, 4, 30, 10, tzinfo=UTC),
            },
        ),
        (
            EFORMS,
            {
                "source_id": "123456-2024",
                "title": "Masques FFP2",
                "text": "Fourniture de masques.",
                "language": "fr",
                "organisation_name": "CHU du Rhin",
                "street": "1 quai",
                "postal_code": "67000",
                "city": "Strasbourg",
                "country": "FR",
                "region": None,
                "category": "33140000",
                "website": "https://chu.example",
                "status": "open",
                "posted_at": datetime(2024, 1, 31, 23, tzinfo=UTC),
                "available_until": datetime(2024, 3, 1, 11, tzinfo=UTC),
            },
        ),
    ],
    ids=["TED_EXPORT", "eForms"],
)
def test_a_notice_becomes_a_request(text: str, expected: dict[str, object]) -> None:
    [listing] = PLATFORM.parse([document(text)]).listings.to_dict("records")
    assert {name: listing[name] for name in expected} == expected
    assert "@" not in str(listing)


@pytest.mark.parametrize(
    ("text", "town", "region"),
    [(OLDER, "<TOWN>Esslingen</TOWN>", "DE112"), (EFORMS, "<cbc:CityName>Strasbourg</cbc:CityName>", "FRF11")],
    ids=["TED_EXPORT", "eForms"],
)
def test_the_place_of_performance_counts_where_the_buyer_names_no_town(text: str, town: str, region: str) -> None:
    [listing] = PLATFORM.parse([document(text.replace(town, ""))]).listings.to_dict("records")
    assert (listing["city"], listing["region"]) == (None, region)


def test_an_award_fulfils_its_request() -> None:
    award = OLDER.replace('CODE="3"', 'CODE="7"')
    assert PLATFORM.parse([document(award)]).listings["status"].tolist() == ["fulfilled"]
    award = EFORMS.replace("ContractNotice", "ContractAwardNotice").replace(">cn-standard<", ">can-standard<")
    assert PLATFORM.parse([document(award)]).listings["status"].tolist() == ["fulfilled"]


def test_a_zoneless_day_is_a_day_and_a_title_in_several_languages_is_the_buyers() -> None:
    text = (
        EFORMS.replace("2024-02-01+01:00", "2024-02-01").replace("-03-01+01:00", "-03-01").replace("12:00:00+01:00", "")
    )
    text = text.replace("<cbc:Name languageID=\"FRA\">Masques", "<cbc:Name languageID=\"DEU\">Masken</cbc:Name><cbc:Name languageID=\"FRA\">Masques")  # fmt: skip # noqa: E501
    [listing] = PLATFORM.parse([document(text)]).listings.to_dict("records")
    assert listing["posted_at"] == datetime(2024, 1, 31, 23, tzinfo=UTC)
    assert listing["available_until"] == datetime(2024, 2, 29, 23, tzinfo=UTC)
    assert listing["title"] == "Masques FFP2"


@pytest.mark.parametrize(("kind", "status"), [("cn-social", "open"), ("pin-cfc-standard", "open"), ("can-desg", "fulfilled")])  # fmt: skip # noqa: E501
def test_notices_of_other_subtypes_are_read(kind: str, status: str) -> None:
    text = EFORMS.replace(">cn-standard<", f">{kind}<")
    if kind.startswith("pin"):
        text = text.replace("ContractNotice", "PriorInformationNotice")
    assert PLATFORM.parse([document(text)]).listings["status"].tolist() == [status]


def test_a_notice_of_an_unknown_type_or_language_is_refused_by_itself() -> None:
    parsed = PLATFORM.parse(
        [document(OLDER.replace('CODE="3"', 'CODE="V"')), document(OLDER.replace('LG="DE"', 'LG="PL"'))]
    )
    assert parsed.listings.empty
    assert parsed.quarantine["field"].tolist() == ["notice-type", "notice-title.deu"]
    assert parsed.quarantine["source_id"].tolist() == ["12345-2020"] * 2


def test_an_empty_notice_is_a_changed_layout() -> None:
    with pytest.raises(LayoutChanged):
        PLATFORM.parse([document("<ContractNotice/>")])


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><ContractNotice>&a;</ContractNotice>',
        '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><TED_EXPORT>&b;</TED_EXPORT>',
        "<TED_EXPORT>",
        "<html/>",
        "",
    ],
)
def test_what_is_no_notice_or_a_hostile_one_is_refused(text: str) -> None:
    with pytest.raises(UnknownFormat):
        read_notice_xml(document(text))
