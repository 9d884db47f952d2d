"""What the platforms would have served in the weeks of spring 2020; written, not recorded, and free of real persons.

One folder a week, laid out like any inbox. `build.py` wraps the texts of `texts/` in each platform's format. A platform
that is added later has one page in `recorded/`; the weeks, and the issues made of them, stay as they are.
"""
