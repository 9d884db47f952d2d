"""x"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Edition:
    """What the settings decide about a document."""

    is_sample: bool


ASSETS = []
