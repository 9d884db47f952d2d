"""How the site is built from the Markdown files where they lie; the repository is the source folder (`make docs`)."""

project = "Verbundradar"
author = "Verbundradar"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
include_patterns = ["*.md", "docs/**.md", "deploy/**.md", "benchmarks/RESULTS.md", "benchmarks/results/*.md"]
root_doc = "docs/index"

# Anchors as on GitHub: both readers follow the same links.
myst_heading_anchors = 4
suppress_warnings = ["misc.highlighting_failure"]  # CSV has no colours

smartquotes = False  # signs stand as they are written

html_theme = "furo"
html_title = "Verbundradar"
html_copy_source = False  # the files themselves are in the repository
html_show_copyright = html_show_sphinx = False
html_extra_path = ["site"]  # the way from the root of a server to the first page
html_static_path = ["static"]
html_css_files = ["wide.css"]
