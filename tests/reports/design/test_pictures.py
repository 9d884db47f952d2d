"""The map of tiles and the flow picture: every number is text, nothing overlaps, colours stay readable."""

import re
from html import unescape
from importlib.resources import files
from itertools import pairwise

import pytest
import yaml

from reports.design.charts import INK, SERIES_COLOURS
from reports.design.page import own_text
from reports.design.pictures import TILES, TINTS, Tile, TileKey, flow_picture, shades, tile_map, tint
from reports.lagebild import render
from reports.lagebild.where import class_name
from reports.language import LANGUAGES, Language
from tests.reports.builders import sample_issue
from tests.reports.design.test_page import THEMES, contrast

HOSTILE = "<script>x</script>\"'&"
FLOWS = {("A", "X"): 30, ("A", "Y"): 10, ("B", "X"): 1}


def test_every_region_of_the_two_countries_has_its_own_tile() -> None:
    known = yaml.safe_load(files("matching.places").joinpath("regions.yaml").read_text("utf-8"))
    for country, tiles in TILES.items():
        assert set(tiles) == set(known[country])
        assert len(set(tiles.values())) == len(tiles)


def test_a_map_says_every_number() -> None:
    tiles = {(0, 0): Tile("BW", ("38", "41"), (4, 4)), (1, 0): Tile(HOSTILE, (".", HOSTILE), (0, 1))}
    picture = tile_map("m", tiles, "Titel", "BW: 38, 41")
    assert re.findall(r">([\d.]+)</text>", picture) == ["38", "41", "."]
    assert "<script" not in picture
    assert '<title id="m-title">Titel</title><desc id="m-desc">BW: 38, 41</desc>' in picture
    assert picture == tile_map("m", dict(reversed(tiles.items())), "Titel", "BW: 38, 41")


def test_long_numbers_stay_in_their_half_of_a_tile() -> None:
    tiles = {(n, 0): Tile("x", (str(count), ""), (0, 0)) for n, count in enumerate((999, 1548, 42_236))}
    sizes = re.findall(r'font-size="(\d+)"[^>]*>(\d{3,})<', tile_map("m", tiles, "a", "b"))
    assert [len(count) * int(size) * 0.65 <= 30 for size, count in sizes] == [True] * 3


def test_tiles_are_darker_the_more_there_is() -> None:
    counts = (None, 0, 1, 25, 26, 50, 75, 100)
    tiles = {(n, 0): Tile("x", ("", ""), (tint(count, 100), 0)) for n, count in enumerate(counts)}
    tints = re.findall(r'class="f-first"[^>]*fill-opacity="([\d.]+)"', tile_map("m", tiles, "a", "b"))
    assert [float(one) for one in tints] == [TINTS[step] for step in (0, 0, 1, 1, 2, 2, 3, 4)]


@pytest.mark.parametrize("most", [0, 1, 3, 4, 248, 1001])
def test_the_shades_of_the_key_are_those_of_the_tiles(most: int) -> None:
    steps = shades(most)
    for count in range(1, most + 1):
        low, high = steps[tint(count, most) - 1]
        assert low <= count <= high


def test_the_key_of_a_map_names_sides_and_shades_but_no_empty_one() -> None:
    key = TileKey(("links", "rechts"), ["1", "", "2", "3"])
    image = tile_map("m", {(0, 0): Tile("A", ("1", "3"), (1, 4))}, "a", "b", sides=(1, 0), key=key)
    assert re.findall(r">(links|rechts|\d)</text>", image)[:5] == ["links", "rechts", "1", "2", "3"]
    assert re.findall(r'<rect class="(f-\w+)"', image)[:2] == ["f-second", "f-first"]
    assert re.findall(r'<rect class="(f-\w+)"', image)[-2:] == ["f-second", "f-first"]


@pytest.mark.parametrize("width", [58, 161])
def test_a_name_stays_inside_its_tile_in_as_many_lines_as_it_needs(width: int) -> None:
    tiles = {(0, 0): Tile("Mecklenburg-Vorpommern", ("1", "2"), (1, 1)), (1, 0): Tile("BW", ("1", "2"), (1, 1))}
    image = tile_map("m", tiles, "a", "b", width=width)
    lines = [unescape(one) for one in re.findall(r'font-weight="bold"[^>]*>([^<]*)<', image)]
    assert "".join(lines) == "Mecklenburg-VorpommernBW"
    assert all(len(one) * 7.5 <= width for one in lines)


def test_the_lagebild_draws_each_kind_in_the_colour_of_its_course() -> None:
    page = render(sample_issue(), "de")
    tiles = page.split('id="kacheln-de-desc"')[1].split("</svg>")[0]
    assert re.findall(r'<rect class="(f-\w+)"', tiles)[:2] == ["f-second", "f-first"]  # requests left, offers right


def _blend(colour: str, paper: str, share: float) -> str:
    channels = [(int(colour[n : n + 2], 16), int(paper[n : n + 2], 16)) for n in (1, 3, 5)]
    return "#" + "".join(f"{round(front * share + back * (1 - share)):02x}" for front, back in channels)


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark", "print"])
@pytest.mark.parametrize("colour", ["accent", "second"])
def test_numbers_on_the_darkest_tile_are_readable(theme: dict[str, str], colour: str) -> None:
    for share in TINTS:
        assert contrast(theme["ink"], _blend(theme[colour], theme["paper"], share)) >= 4.5


def test_without_the_stylesheet_numbers_are_readable_too() -> None:
    for colour in SERIES_COLOURS:
        assert contrast(INK, _blend(colour, "#ffffff", TINTS[-1])) >= 4.5


def test_a_flow_is_as_wide_as_its_count_and_fills_both_sides() -> None:
    picture = flow_picture("f", FLOWS, "Titel", "mehr", str)
    widths = [float(wide) for wide in re.findall(r"v([\d.]+)C", picture)]
    assert widths == pytest.approx([30 / 41 * 90, 10 / 41 * 90, 1 / 41 * 90], abs=0.06)
    bars = [float(tall) for tall in re.findall(r'width="8" height="([\d.]+)"', picture)]
    assert sum(bars) == pytest.approx(2 * 90, abs=0.3)
    assert re.findall(r">([AB]|[XY]) \((\d+)\)</text>", picture) == [("A", "40"), ("B", "1"), ("X", "31"), ("Y", "10")]


def test_labels_of_a_flow_stay_apart_and_inside() -> None:
    names = [f"Plattform mit einem sehr langen Namen Nummer {n} {HOSTILE}" for n in range(9)]
    picture = flow_picture("f", {(name, "X"): 1 for name in names}, "a", "b", str)
    assert "<script" not in picture
    height = int(re.findall(r'height="(\d+)" role', picture)[0])
    labels = re.findall(r'y="([\d.]+)" font-size="12" text-anchor="start"[^>]*>([^<]*)<', picture)
    assert len(labels) == 18
    assert all(float(below[0]) - float(above[0]) >= 12 for above, below in pairwise(labels))
    assert max(float(y) for y, _ in labels) < height
    assert all(len(unescape(text)) <= 24 for _, text in labels)
    assert re.search(r'viewBox="0 0 343 ', picture), "as wide as a phone"


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_stand_beside_a_table_with_their_numbers(language: str) -> None:
    page = render(sample_issue(), language)
    part = page.split('id="verteilung"')[1].split("</section>")[0]
    assert part.index('id="kacheln-de-title"') < part.index('id="regionen-caption"')
    assert part.index('id="wege-bild-title"') < part.index('#nachweis-cross-platform-matches"')  # the list behind it
    assert 'id="kacheln-fr-title"' in part
    few = class_name(3, Language(language))
    assert re.search(rf'<desc id="kacheln-de-desc">BW\s?: \w+ {few}, \w+ {few}</desc>', part)


def test_no_style_of_pictures_is_fixed_to_light() -> None:
    for name in ("f-first", "f-second", "f-ink", "s-line"):
        assert f".{name} " in str(own_text("design/style.css"))
