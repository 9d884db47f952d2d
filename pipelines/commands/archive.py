"""``verbundradar archive``: PDF copies, index, newest issue, feeds and checksums beside the stored issues."""

from pathlib import Path

import click

from pipelines.resources import store_of


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
    from pipelines.outputs import HoldsContacts
    from pipelines.site import NoIssue, write_site

    kept = store_of(store)
    try:
        click.echo(write_site(kept, lambda line: click.echo(line, err=True), with_pdf=pdf))
    except (HoldsContacts, NoIssue) as error:
        raise click.ClickException(str(error)) from error
