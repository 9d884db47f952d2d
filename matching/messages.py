"""Sentences that stand beside what they word: German source texts, marked here for the catalogues of `reports`."""


def N_(message: str) -> str:  # noqa: N802 the name that message extraction looks for
    """Mark a text for the catalogue; it is translated where it is used."""
    return message
