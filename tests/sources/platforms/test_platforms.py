"""The registry: every platform says who it is."""

import sys
from dataclasses import fields

import pytest

from sources.platform import Platform
from sources.platforms import PLATFORMS

OPTIONAL = ("ignored_fields", "mailbox", "stated_total", "is_procurement", "key_header")


def test_no_two_platforms_share_a_name_or_an_export() -> None:
    for attribute in ("name", "inbox_pattern", "url"):
        values = [getattr(platform, attribute) for platform in PLATFORMS]
        assert len(values) == len(set(values)), attribute


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.name)
def test_a_platform_says_who_it_is_and_what_is_assumed(platform: Platform) -> None:
    assert all(getattr(platform, field.name) or field.name in OPTIONAL for field in fields(platform))
    docstring = sys.modules[platform.parse.__module__].__doc__ or ""
    assert platform.name in docstring
    assert "Known" in docstring
    assert ".example" in platform.url
    assert "@" not in platform.contact_route.replace(platform.operator, "")
