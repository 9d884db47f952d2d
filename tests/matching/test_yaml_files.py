"""Whatever is wrong in a file that people write is told at once, by file, place and field, in their words."""

from pathlib import Path

import pytest

from matching.consortia.options import read_options
from matching.taxonomy.concepts import load_taxonomy, read_taxonomy
from matching.taxonomy.recipes import load_recipes
from matching.yaml_files import FileFault

GOOD = "{role: sewing, amount: 1, unit: piece, lead_time_days: 7}"


def test_every_finding_of_a_file_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(
        f"mask:\n  unit: piece\n  roles: [{GOOD}, {{role: cutting, amount: true, unit: [], norms: [1]}}]\n"
        "gown: {unit: piece, note: n, roles: []}\n1: {unit: piece, note: n, roles: {}}\n",
        encoding="utf-8",
    )
    with pytest.raises(FileFault) as refusal:
        load_recipes(tmp_path)
    assert sorted(str(refusal.value).splitlines()) == [
        "x.yaml: 1 is not a text",
        "x.yaml: 1: roles: {} is not a list of at least one role",
        "x.yaml: gown: roles: [] is not a list of at least one role",
        "x.yaml: mask: note is missing",
        "x.yaml: mask: roles: cutting: amount: True is not a number above zero",
        "x.yaml: mask: roles: cutting: lead_time_days is missing",
        "x.yaml: mask: roles: cutting: norms: 1 is not a text",
        "x.yaml: mask: roles: cutting: unit: [] is not a text",
    ]


@pytest.mark.parametrize(
    ("stated", "finding"),
    [
        ("maximum_partners:", "nothing is said for maximum_partners"),
        ("maximum_partners: true", "maximum_partners: True is not a whole number above zero"),
        ("maximum_partners: '2'", "maximum_partners: '2' is not a whole number above zero"),
        ("maximum_partners: 2.0", "maximum_partners: 2.0 is not a whole number above zero"),
        ("maximum_distance_km: .nan", "maximum_distance_km: nan is not a number above zero"),
        ("forbidden_pairs: [[O-1, O-1]]", "forbidden_pairs: ['O-1', 'O-1'] is not a pair of two organisations"),
        ("forbidden_pairs: [[O-1, 2]]", "forbidden_pairs: 2 is not a text"),
        ("scores: {2: 1}", "scores: 2 is not a text"),
        ("scores: []", "scores: must be a mapping"),
        ("required: {mask: [1]}", "required: mask: 1 is not a text"),
        ("2020: 1", "unknown field 2020; known are forbidden_pairs, required, "),
    ],
)
def test_values_are_read_as_they_stand(tmp_path: Path, stated: str, finding: str) -> None:
    path = tmp_path / "options.yaml"
    path.write_text(stated, encoding="utf-8")
    with pytest.raises(FileFault) as refusal:
        read_options(path, load_taxonomy().concepts)
    assert str(refusal.value).startswith(f"options.yaml: {finding}")
    assert "pydantic" not in str(refusal.value)


def test_a_key_stands_once_in_every_file(tmp_path: Path) -> None:
    concept = "{role: product, de: [Maske], fr: [masque], en: [mask]}"
    (tmp_path / "concepts").mkdir()
    (tmp_path / "roles.yaml").write_text("product: {de: Produkt, fr: Produit, en: Product}\n", encoding="utf-8")
    (tmp_path / "concepts" / "goods.yaml").write_text(f"a: {concept}\na: {concept}\n", encoding="utf-8")
    with pytest.raises(FileFault, match=r"goods\.yaml: cannot be read: a stands twice"):
        read_taxonomy(tmp_path)
    (tmp_path / "x.yaml").write_text(f"mask: {{unit: piece, unit: pair, note: n, roles: [{GOOD}]}}", encoding="utf-8")
    (tmp_path / "roles.yaml").unlink()
    with pytest.raises(FileFault, match=r"x\.yaml: cannot be read: unit stands twice"):
        load_recipes(tmp_path)
