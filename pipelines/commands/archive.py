"""``verbundradar archive``: PDF copies, index, newest issue, feeds and checksums beside the stored issues."""

from pathlib import Path

import click

from pipelines.resources import default_store
from pipelines.whole_files import write_whole
from sources.week import Week


@click.command()
@click.option(
    "--pdf/--no-pdf",
    default=True,
    show_default=True,
    help="Write PDF copies that are missing or older than their page (needs Pango).",
)
@click.option("--store", type=click.Path(path_type=Path), help="Where results are kept.")
def command(pdf: bool, store: Path | None) -> None:
    """Bring the archive site up to date; the last line printed is the path of its index."""
    from matching.taxonomy.concepts import load_taxonomy
    from pipelines.decisions import DecisionFiles
    from reports.lagebild.archive import site_files
    from reports.lagebild.editions import pdf_files
    from reports.pdf import PdfUnavailable

    kept = store or Path(default_store(None, None))
    root = kept / "reports" / "lagebild"
    folders = sorted(path for path in root.glob("*-W*") if (path / "issue.json").is_file())
    if not folders:
        raise click.ClickException(f"no issue in {root}; make one by: verbundradar run")
    editions = [(folder, edition) for folder in folders for edition in (*sorted(folder.glob("edition-*")), folder)]
    for folder, edition in editions if pdf else []:
        if _is_older(edition / "lagebild.archive.pdf", edition / "lagebild.de.html"):
            try:
                made = pdf_files(Week.parse(folder.name), _files(edition))
            except PdfUnavailable as error:
                click.echo(str(error), err=True)
                break
            for name, content in made.items():
                write_whole(edition / name, content)
            click.echo(f"{edition.relative_to(root)}: {len(made)} PDF", err=True)
    address = DecisionFiles(kept).remit(load_taxonomy().concepts).address or ""
    for name, content in site_files({folder.name: _files(folder) for folder in folders}, address).items():
        write_whole(root / name, content)
    click.echo(root / "index.html")


def _is_older(made: Path, page: Path) -> bool:
    return not made.exists() or made.stat().st_mtime < page.stat().st_mtime


def _files(folder: Path) -> dict[str, bytes]:
    """Finished files by path below the folder."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
