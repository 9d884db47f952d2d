"""Pictures show what is published, draw what is withheld as withheld, and say all of it in words."""

import re
from xml.etree.ElementTree import tostring

import pytest
from defusedxml.ElementTree import fromstring

from reports.design.bars import Pair, paired_bars
from reports.language import LANGUAGES, Language, capitalised
from reports.ministry.package import Release, localised
from reports.ministry.package.pictures import LAYOUTS, Layout, drawn
from tests.reports.ministry.package.released import LATER, OFFICE, release_files
from tests.reports.ministry.test_month import april
from tests.reports.ministry.test_release import WEEK

PICTURES = ("picture_need", "picture_map", "picture_trend")
SVG = "{http://www.w3.org/2000/svg}"


def long_file(*cells: tuple[str, str, str]) -> bytes:
    """Cells of (region, kind, value), "" where it is withheld."""
    head = "period,region,kind,measure,unit,value,sign,status"
    rows = [f"x,{r},{k},listings,listing,{value},{'' if value else '.'},p" for r, k, value in cells]
    return "\r\n".join([head, *rows, ""]).encode()


def release(name: str, **totals: str) -> Release:
    """Each kind in total and in Baden-Württemberg."""
    cells = [(region, kind, value) for region in ("DE-BW", "TOTAL") for kind, value in totals.items()]
    return Release.of(name, long_file(*cells), is_sample=False)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_a_file_of_its_own_with_title_source_and_words(name: str, language: str) -> None:
    root = fromstring(release_files()[localised(name, language, "svg")].decode())
    inner = root.find(f"{SVG}svg")
    assert inner is not None
    assert inner.findtext(f"{SVG}title")
    assert Language(language).gettext("geheim") in (inner.findtext(f"{SVG}desc") or "") or name == "picture_trend"
    texts = [one.text or "" for one in root.findall(f"{SVG}text")]
    assert any(OFFICE.publisher in text for text in texts)
    assert not re.search(r"(?:href|src)=", tostring(root, encoding="unicode"))


def test_a_withheld_bar_is_as_long_for_every_value_and_stands_with_its_word() -> None:
    picture = drawn(release("2020-W17", offer="40", request=""), (), Language("de"))[0].image
    assert 'width="60" height="16"' in picture
    assert re.findall(r'font-size="12" fill="#1a1d23">([^<]*)</text>', picture) == [
        "Angebote",
        "Gesuche",
        "40",
        "geheim",
    ]
    assert "DE-BW: Angebote 40, Gesuche geheim" in picture


def fills(image: str) -> list[tuple[str, float]]:
    """Of each filled mark its class, and how far right it begins."""
    return [(name, float(x)) for name, x in re.findall(r'<rect class="(f-\w+)" x="([\d.]+)"', image)]


def test_each_kind_has_one_colour_and_one_place_in_every_picture() -> None:
    weeks = [release(f"2020-W{14 + number}", offer="40", request="20") for number in range(3)]
    need, course = drawn(weeks[-1], weeks[:-1], Language("de"))
    four = Release.of(str(LATER), release_files()["statistics.csv"], is_sample=False)
    wide = drawn(four, (), Language("de"))[1]
    assert re.findall(r'class="(f-\w+)"[^>]*>(Angebote|Gesuche) ', course.image) == [
        ("f-first", "Angebote"),
        ("f-second", "Gesuche"),
    ]
    for image in (need.image, wide.image):  # the legend tells the colours
        assert [name for name, _ in fills(image)[:2]] == ["f-first", "f-second"]
        assert re.findall(r">(Angebote|Gesuche)</text>", image) == ["Angebote", "Gesuche"]
    shades = len(re.findall(r">[\d.]+–[\d.]+</text>", wide.image))
    tiles = fills(wide.image)[2 + 2 * shades :]
    assert len(tiles) == 8
    for offers, requests in zip(tiles[::2], tiles[1::2], strict=True):
        assert (offers[0], requests[0]) == ("f-first", "f-second")
        assert offers[1] < requests[1], "offers stand left, as in the tables"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_map_tells_what_its_shades_and_letters_mean(language: str) -> None:
    made = Release.of("2020-04", april().files["statistics.csv"], is_sample=True)
    reader = Language(language)
    _, bw, laender = drawn(made, (), reader)
    counts = [
        made.published("listings", "listing", kind=kind, region=one) or 0
        for kind in ("offer", "request")
        for one in LAYOUTS[1].places
    ]
    ends = [int(high) for _, high in re.findall(r">(\d+)–(\d+)</text>", bw.image)]
    assert ends == [max(counts) * step // 4 for step in (1, 2, 3, 4)]
    assert "Stuttgart" in bw.image
    for code, name in (("BY", "Bayern"), ("SN", "Sachsen"), ("TH", "Thüringen")):
        assert f"{code}\u00a0{reader.gettext(name)}" in laender.notes[-1]


def lines_of(file: bytes) -> list[tuple[int, str]]:
    """Size and text of each line above and below the picture."""
    found = fromstring(file.decode()).findall(f"{SVG}text")
    return [(int(one.attrib["font-size"]), one.text or "") for one in found]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_around_a_picture_is_wider_than_the_picture(language: str) -> None:
    for files in (release_files(), april().files):
        for name, content in files.items():
            if name.endswith(localised("", language, "svg")):
                assert all(len(text) * size <= 660 * 1.75 for size, text in lines_of(content)), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_of_the_samples_says_so_and_no_other_does(language: str) -> None:
    mark = capitalised(Language(language).gettext("Beispieldaten, keine echten Zahlen"))
    for files in (release_files(), april().files):
        images = [
            content
            for name, content in files.items()
            if re.fullmatch(rf"\w+{'' if language == 'de' else '.' + language}\.svg", name)
        ]
        assert len(images) == 3
        assert all((15, mark) in lines_of(one) for one in images)
    real = drawn(release("2020-W17", offer="40", request="7"), (), Language(language))[0]
    assert mark not in real.as_file(release("2020-W17", offer="40", request="7"), OFFICE, Language(language)).decode()


def test_a_month_is_not_told_as_open_on_one_day() -> None:
    made = Release.of("2020-04", april().files["statistics.csv"], is_sample=True)
    assert drawn(made, (), Language("de"))[0].caption == "Angebote und Gesuche des Monats im Vergleich"


def test_a_long_name_above_bars_is_told_in_full() -> None:
    name = "Baden-Württemberg, Fertigung und Produktionskapazität"
    image = paired_bars("x", [Pair(name, (1, None))], ("a", "b"), ("title", "description"), str)
    assert f">{name}</text>" in image


def test_a_dot_on_a_tile_is_explained_below_the_map_and_nowhere_without_one() -> None:
    page = release_files()["statistics.html"].decode()
    told = "Ein Punkt steht für einen geheimen Wert."
    assert page.count(told) == 1
    assert [told in release_files()[f"{name}.svg"].decode() for name in PICTURES] == [False, True, False]


def test_the_course_has_a_gap_where_a_week_is_withheld() -> None:
    weeks = [
        release(f"2020-W{14 + number}", offer=value, request="7") for number, value in enumerate(("5", "", "9", "8"))
    ]
    picture = drawn(weeks[-1], weeks[:-1], Language("de"))[-1].image
    lines = re.findall(r'<polyline class="([\w-]+)" points="([^"]*)"', picture)
    assert [(name, len(points.split())) for name, points in lines] == [("s-first", 1), ("s-first", 2), ("s-second", 4)]
    assert "KW 15: Angebote geheim, Gesuche 7" in picture


def test_a_release_alone_has_no_course_and_one_of_other_regions_no_map() -> None:
    few = release("2020-W17", offer="4", request="5")
    four = Release.of(str(LATER), release_files()["statistics.csv"], is_sample=False)
    names = [[one.name for one in drawn(made, (), Language("de"))] for made in (few, four)]
    assert names == [["picture_need"], ["picture_need", "picture_map"]]


def test_a_month_shows_product_groups_and_maps_of_detail() -> None:
    made = Release.of("2020-04", april().files["statistics.csv"], is_sample=True)
    need, bw, laender = drawn(made, (), Language("de"))
    assert (need.name, bw.name, laender.name) == ("picture_need", "picture_map_bw", "picture_map_laender")
    asked, offered = (
        made.published("listings", "listing", product="protective_equipment", kind=kind)
        for kind in ("request", "offer")
    )
    assert f"Schutzausrüstung: Angebote {offered}, Gesuche {asked}" in need.image
    for name in ("picture_need", "picture_map_bw", "picture_map_laender"):
        for language in LANGUAGES:
            file, page = localised(name, language, "svg"), localised("statistics", language, "html")
            assert f'href="{file}"' in april().files[page].decode()
            assert file in april().files


def test_a_coarse_month_shows_the_four_regions() -> None:
    rows = [
        f"2020-04,{region},{kind},listings,listing,{value},,p,TOTAL,regions"
        for region, value in (("DE-BW", 4), ("DE-REST", 3), ("FR-GES", 2), ("OTHER", 1), ("NOT-BW", 6), ("TOTAL", 10))
        for kind in ("offer", "request")
    ] + [f"2020-04,TOTAL,{kind},quantity,piece,,.,p,masks,regions" for kind in ("offer", "request")]
    head = "period,region,kind,measure,unit,value,sign,status,product,frame"
    made = Release.of("2020-04", "\r\n".join([head, *rows, ""]).encode(), is_sample=False)
    need, wide = drawn(made, (), Language("de"))
    assert (need.name, wide.name) == ("picture_need", "picture_map")
    assert "NOT-BW" not in need.image


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_no_two_regions_share_a_tile(layout: Layout) -> None:
    assert len(set(layout.places.values())) == len(layout.places)


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_stand_on_the_page_below_the_table_of_their_numbers(name: str) -> None:
    page = release_files()["statistics.html"].decode()
    image = re.search(r"<desc[^>]*>([^<]*)</desc>", release_files()[f"{name}.svg"].decode())
    assert image is not None
    assert page.index('id="regionen"') < page.index(f">{image[1]}</desc>")
    assert f'href="{name}.svg"' in page


def test_every_link_of_a_page_has_its_file() -> None:
    for files in (release_files(), april().files):
        for name in files:
            if name.endswith(".html"):
                links = re.findall(r'href="([a-z_.-]+)"', files[name].decode())
                assert links
                assert set(links) <= set(files)
    assert f">KW {WEEK.number}</text>" in release_files()["picture_trend.svg"].decode()
