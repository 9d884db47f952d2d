"""A release as an entry for data portals, after DCAT-AP.de 3.0 (https://www.dcat-ap.de/def/dcatde/3.0/spec/)."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256

from reports.language import LANGUAGES, N_, Language
from reports.ministry.package.rdf import Iri, Node, Text
from reports.ministry.package.release import Office, Release

_EU = "http://publications.europa.eu/resource/authority"
_MEDIA = "https://www.iana.org/assignments/media-types"
_LICENCE = Iri("http://dcat-ap.de/def/licenses/dl-by-de/2.0")
_BW = "http://dcat-ap.de/def/politicalGeocoding/stateKey/08"  # amtlicher Schlüssel of Baden-Württemberg
# What is counted lies in both countries; Baden-Württemberg is told in most detail.
_COUNTRIES = ("DEU", "FRA")
# Ending of a file -> its names in the EU's list of file types and in IANA's of media types.
_FORMATS = {
    "csv": ("CSV", "text/csv"),
    "html": ("HTML", "text/html"),
    "ods": ("ODS", "application/vnd.oasis.opendocument.spreadsheet"),
    "svg": ("SVG", "image/svg+xml"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": ("JSON", "application/json"),
}
_LANGUAGES = {"de": "DEU", "fr": "FRA", "en": "ENG"}


def entry(release: Release, office: Office, files: Mapping[str, bytes]) -> list[Node]:
    """The data set and its series; files become distributions, in the order of their names."""
    place = f"{office.address}{release.name}/" if office.address else ""
    return [_dataset(release, office, files, place), _series(release, office)]


def _dataset(release: Release, office: Office, files: Mapping[str, bytes], place: str) -> Node:
    texts = {code: Language(code) for code in LANGUAGES}
    return Node(
        "dcat:Dataset",
        {
            "dct:title": [
                Text(release.marked(f"{release.title(one)}, {release.period(one)}", one), code)
                for code, one in texts.items()
            ],
            "dct:description": [Text(_about(release, one), code) for code, one in texts.items()],
            "dct:identifier": [Text(f"verbundradar-statistics-{release.name}")],
            **_published(release, office),
            "dct:issued": [_day(release.issued_on)],
            "dct:modified": [_day(release.issued_on)],
            "dct:temporal": [
                Node(
                    "dct:PeriodOfTime", {"dcat:startDate": [_day(release.first)], "dcat:endDate": [_day(release.last)]}
                )
            ],
            "dct:language": [Iri(f"{_EU}/language/{_LANGUAGES[code]}") for code in LANGUAGES],
            "dcat:keyword": [
                Text(word, code)
                for code, one in texts.items()
                for word in (one.gettext("Gesundheitsindustrie"), one.gettext("Kooperation"), one.gettext("Statistik"))
            ],
            "dcat:landingPage": [Iri(f"{place}statistics.html")],
            "dcat:inSeries": [Iri(_series_name(release, office))],
            "dcat:distribution": [_distribution(name, files[name], release, office, place) for name in sorted(files)],
        },
        f"{place}statistics.html#dataset",
    )


def _published(release: Release, office: Office) -> dict[str, list[Iri | Text | Node]]:
    """What the data set and its series have in common."""
    contact: dict[str, list[Iri | Text | Node]] = {
        "vcard:fn": [Text(office.publisher)],
        "vcard:hasEmail": [Iri(f"mailto:{office.contact}")],
    }
    return {
        "dct:publisher": [Node("foaf:Agent", {"foaf:name": [Text(office.publisher)]})],
        "dcat:contactPoint": [Node("vcard:Kind", contact)] if office.contact else [],
        "dcatde:contributorID": [Iri(office.contributor)] if office.contributor else [],
        "dcat:theme": [Iri(f"{_EU}/data-theme/{name}") for name in ("ECON", "HEAL")],
        "dcatde:politicalGeocodingLevelURI": [Iri("http://dcat-ap.de/def/politicalGeocoding/Level/state")],
        "dcatde:politicalGeocodingURI": [Iri(_BW)],
        "dct:spatial": [*(Iri(f"{_EU}/country/{code}") for code in _COUNTRIES), Iri(_BW)],
        "dct:accrualPeriodicity": [Iri(f"{_EU}/frequency/{'WEEKLY' if release.is_weekly else 'MONTHLY'}")],
    }


def _series_name(release: Release, office: Office) -> str:
    return f"{office.address or '../'}#{'weeks' if release.is_weekly else 'months'}"


def _series(release: Release, office: Office) -> Node:
    texts = {code: Language(code) for code in LANGUAGES}
    return Node(
        "dcat:DatasetSeries",
        {
            "dct:title": [Text(release.marked(release.title(one), one), code) for code, one in texts.items()],
            "dct:description": [Text(_about(release, one), code) for code, one in texts.items()],
            **_published(release, office),
        },
        _series_name(release, office),
    )


_WEEKS = N_(
    "Offene Angebote und Gesuche auf Kooperationsplattformen der deutsch-französischen Gesundheitsindustrie nach "
    "Region und Art. Werte, die einzelne Firmen erkennen ließen, sind unterdrückt."
)
_MONTHS = N_(
    "Angebote und Gesuche auf Kooperationsplattformen der deutsch-französischen Gesundheitsindustrie nach "
    "Region, Produktgruppe und Art, mit Mengen. Werte, die einzelne Firmen erkennen ließen, sind unterdrückt."
)


def _about(release: Release, language: Language) -> str:
    return release.marked(language.gettext(_WEEKS if release.is_weekly else _MONTHS), language)


def _distribution(name: str, content: bytes, release: Release, office: Office, place: str) -> Node:
    file_type, media_type = _FORMATS[name.rpartition(".")[2]]
    return Node(
        "dcat:Distribution",
        {
            "dct:title": [Text(name)],
            "dcat:accessURL": [Iri(place + name)],
            "dcat:downloadURL": [Iri(place + name)],
            "dct:format": [Iri(f"{_EU}/file-type/{file_type}")],
            "dcat:mediaType": [Iri(f"{_MEDIA}/{media_type}")],
            "dct:license": [_LICENCE],
            "dcatde:licenseAttributionByText": [Text(office.publisher, "de")],
            "dcatap:availability": [Iri(f"{_EU}/planned-availability/AVAILABLE")],
            "adms:status": [Iri(f"{_EU}/distribution-status/COMPLETED")],
            "dct:modified": [_day(release.issued_on)],
            "dcat:byteSize": [Text(str(len(content)), datatype="xsd:nonNegativeInteger")],
            "spdx:checksum": [
                Node(
                    "spdx:Checksum",
                    {
                        "spdx:algorithm": [Iri("http://spdx.org/rdf/terms#checksumAlgorithm_sha256")],
                        "spdx:checksumValue": [Text(sha256(content).hexdigest(), datatype="xsd:hexBinary")],
                    },
                )
            ],
        },
    )


def _day(day: date) -> Text:
    return Text(str(day), datatype="xsd:date")
