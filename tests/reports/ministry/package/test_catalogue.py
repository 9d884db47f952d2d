"""The entry for data portals keeps to our shapes of DCAT-AP.de 3.0, and every rule of them can fail."""

from functools import cache
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node

from reports.ministry import Office, week_release
from tests.reports.ministry.package.released import LATER, OFFICE, release_files
from tests.reports.ministry.test_month import april
from tests.reports.ministry.test_release import frames, many

DCAT, DCT = Namespace("http://www.w3.org/ns/dcat#"), Namespace("http://purl.org/dc/terms/")
DCATDE, DCATAP = Namespace("http://dcat-ap.de/def/dcatde/"), Namespace("http://data.europa.eu/r5r/")
ADMS, FOAF = Namespace("http://www.w3.org/ns/adms#"), Namespace("http://xmlns.com/foaf/0.1/")
SPDX, VCARD = Namespace("http://spdx.org/rdf/terms#"), Namespace("http://www.w3.org/2006/vcard/ns#")
SH = Namespace("http://www.w3.org/ns/shacl#")
EU = Namespace("http://publications.europa.eu/resource/authority/")


@cache
def shapes() -> Graph:
    return Graph().parse(Path(__file__).with_name("shapes.ttl"), format="turtle")


PERIODS = {"week": release_files, "month": lambda: april().files}


def entry(period: str = "week") -> Graph:
    return Graph().parse(data=PERIODS[period]()["dcat.ttl"], format="turtle")


def faults(graph: Graph) -> str:
    """The report; empty if everything holds."""
    conforms, _, report = validate(graph, shacl_graph=shapes())
    return "" if conforms else str(report)


def test_the_entry_keeps_to_the_shapes() -> None:
    assert faults(entry()) == ""


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # by rdflib's own reader
def test_json_ld_says_the_same_as_turtle() -> None:
    assert isomorphic(Graph().parse(data=release_files()["dcat.jsonld"], format="json-ld"), entry())


@pytest.mark.parametrize("period", PERIODS)
def test_every_file_of_data_is_a_distribution(period: str) -> None:
    files, graph = PERIODS[period], entry(period)
    told = {str(url).rpartition("/")[2] for url in graph.objects(None, DCAT.downloadURL)}
    assert told == {name for name in files() if name.endswith((".csv", ".xlsx", ".ods"))}
    assert faults(graph) == ""


def test_a_month_is_an_entry_of_its_own_series() -> None:
    graph = Graph().parse(data=april().files["dcat.ttl"], format="turtle")
    assert set(graph.objects(None, DCT.accrualPeriodicity)) == {EU["frequency/MONTHLY"]}
    assert set(graph.objects(None, DCAT.inSeries)) == {URIRef(f"{OFFICE.address}#months")}
    assert {str(day) for day in graph.objects(None, DCAT.endDate)} == {"2020-04-30"}


def test_without_configuration_files_name_each_other_and_the_shapes_hold() -> None:
    made = week_release(LATER, {LATER: frames(many())}, {}, is_sample=True, office=Office())
    graph = Graph().parse(
        data=made.files["dcat.ttl"], format="turtle", publicID="https://portal.example/2020-W18/dcat.ttl"
    )
    assert faults(graph) == ""
    assert URIRef("https://portal.example/2020-W18/statistics.csv") in set(graph.objects(None, DCAT.downloadURL))
    assert not list(graph.subjects(RDF.type, VCARD.Kind))


@pytest.mark.parametrize("period", PERIODS)
def test_nothing_changes_before_it_is_issued(period: str) -> None:
    graph = entry(period)
    subject = min(graph.subjects(DCT.issued, None))
    graph.set((subject, DCT.modified, Literal("2020-04-29", datatype=XSD.date)))
    assert faults(graph)


def test_a_name_with_any_characters_stays_text() -> None:
    assert Literal(OFFICE.publisher) in set(entry().objects(None, FOAF.name))


ANY = {
    DCT["title"], DCT.description, DCT.publisher, DCT.spatial, DCATDE.politicalGeocodingURI, DCAT.theme,
    DCT.accrualPeriodicity, DCT.temporal, DCT.modified, DCT.issued, DCAT.distribution, FOAF.name, VCARD.fn,
    VCARD.hasEmail, DCAT.startDate, DCAT.endDate, DCAT.accessURL, DCT.license, DCATDE.licenseAttributionByText,
    DCT["format"], DCAT.mediaType, DCATAP.availability, ADMS.status, DCAT.byteSize, SPDX.checksum, SPDX.algorithm,
    SPDX.checksumValue,
}  # fmt: skip


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("missing", sorted(ANY))
def test_what_must_be_there_fails_when_it_is_not(missing: URIRef, period: str) -> None:
    graph = entry(period)
    subject = min(graph.subjects(missing, None))
    graph.remove((subject, missing, None))
    assert faults(graph)


# Property -> what it may not be.
WRONG: dict[URIRef, Node] = {
    DCT["title"]: Literal("Titolo", lang="it"),
    DCT.publisher: Literal("Ministerium"),
    DCAT.contactPoint: Literal("Ministerium"),
    DCATDE.contributorID: URIRef("https://example.org/me"),
    DCATDE.politicalGeocodingLevelURI: Literal("state"),
    DCATDE.politicalGeocodingURI: URIRef("http://dcat-ap.de/def/politicalGeocoding/stateKey/09"),
    DCT.spatial: Literal("Baden-Württemberg"),
    DCAT.theme: Literal("Gesundheit"),
    DCT.accrualPeriodicity: EU["frequency/DAILY"],
    DCT.temporal: Literal("2020-W18"),
    DCT.modified: Literal("3. Mai 2020"),
    DCT.issued: Literal("2020-05-04T00:00:00", datatype=XSD.dateTime),
    DCAT.inSeries: Literal("Wochen"),
    DCAT.distribution: Literal("statistics.csv"),
    FOAF.name: Literal(""),
    VCARD.fn: URIRef("https://example.org/me"),
    VCARD.hasEmail: Literal("statistik@ministry.example"),
    DCAT.startDate: Literal("2021-01-01", datatype=XSD.date),
    DCAT.endDate: Literal("2020"),
    DCAT.accessURL: Literal("statistics.csv"),
    DCAT.downloadURL: URIRef("https://example.org/other.csv"),
    DCT.license: URIRef("http://dcat-ap.de/def/licenses/cc-zero"),
    DCATDE.licenseAttributionByText: URIRef("https://example.org/me"),
    DCT["format"]: Literal("CSV"),
    DCAT.mediaType: Literal("text/csv"),
    ADMS.status: URIRef("http://purl.org/adms/status/Completed"),
    DCAT.byteSize: Literal("viel"),
    SPDX.checksum: Literal("abc"),
    SPDX.algorithm: Literal("sha256"),
    SPDX.checksumValue: Literal("abc", datatype=XSD.hexBinary),
}


def test_every_property_of_the_shapes_has_a_control() -> None:
    assert set(shapes().objects(None, SH.path)) <= ANY | WRONG.keys()


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("wrong", sorted(WRONG))
def test_what_is_there_fails_when_it_is_wrong(wrong: URIRef, period: str) -> None:
    graph = entry(period)
    subject = min(graph.subjects(wrong, None))
    graph.set((subject, wrong, WRONG[wrong]))
    assert faults(graph)


@pytest.mark.parametrize("double", [DCT.publisher, DCT.temporal, DCATAP.availability, DCT.license], ids=str)
@pytest.mark.parametrize("period", PERIODS)
def test_what_may_be_there_once_fails_twice(double: URIRef, period: str) -> None:
    graph = entry(period)
    subject, found = min(graph.subject_objects(double))
    other = next((one for one in graph.objects(None, double) if one != found), URIRef("urn:other"))
    graph.add((subject, double, other))
    assert faults(graph)
