"""The archive site beside the stored issues: PDF copies, index, newest issue, feeds and checksums."""

from collections.abc import Callable
from pathlib import Path

from matching.taxonomy.concepts import load_taxonomy
from pipelines.decisions import DecisionFiles
from pipelines.outputs import hold_clean, public_contacts
from pipelines.whole_files import write_whole
from reports.lagebild.archive import site_files
from reports.lagebild.editions import pdf_files
from reports.pdf import PdfUnavailable
from sources.week import Week


class NoIssue(Exception):
    """There is nothing to archive; the message says where it was looked for."""


def write_site(store: Path, tell: Callable[[str], object], *, with_pdf: bool) -> Path:
    """Bring the archive site of a store up to date; the path of its index. Raises NoIssue, HoldsContacts.

    with_pdf: write PDF copies that are missing or older than their page (needs Pango; without it that is told).
    """
    root = store / "reports" / "lagebild"
    folders = sorted(path for path in root.glob("*-W*") if (path / "issue.json").is_file())
    if not folders:
        raise NoIssue(f"no issue in {root}; make one by: verbundradar run")
    editions = [(folder, edition) for folder in folders for edition in (*sorted(folder.glob("edition-*")), folder)]
    for folder, edition in editions if with_pdf else []:
        if is_older(edition / "lagebild.archive.pdf", edition / "lagebild.de.html"):
            try:
                made = pdf_files(Week.parse(folder.name), _files(edition))
            except PdfUnavailable as error:
                tell(str(error))
                break
            for name, content in made.items():
                write_whole(edition / name, content)
            tell(f"{edition.relative_to(root)}: {len(made)} PDF")
    address = DecisionFiles(store).remit(load_taxonomy().concepts).address or ""
    site = site_files({folder.name: _files(folder) for folder in folders}, address)
    hold_clean("the archive", site, public_contacts())
    for name, content in site.items():
        write_whole(root / name, content)
    return root / "index.html"


def is_older(made: Path, page: Path) -> bool:
    """Whether what is made of a page must be made anew, or for the first time."""
    return not made.exists() or made.stat().st_mtime < page.stat().st_mtime


def _files(folder: Path) -> dict[str, bytes]:
    """Finished files by path below the folder."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
