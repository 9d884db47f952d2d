"""The five top-level names are common words: make sure that Python finds ours."""

from importlib import import_module
from pathlib import Path

import pytest


@pytest.mark.parametrize("name", ["assets", "matching", "pipelines", "reports", "sources"])
def test_package_is_ours(name: str) -> None:
    assert Path(str(import_module(name).__file__)).parent.parent == Path(__file__).parents[1]
