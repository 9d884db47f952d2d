"""``verbundradar erase``: take a person, or a listing, out of everything that a store keeps, and keep them out."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from pipelines.lock import WAIT_SECONDS, Busy, only_run
from pipelines.resources import keys_of, store_of


@click.command()
@click.option("--email", "emails", multiple=True, metavar="ADDRESS", help="An e-mail address; repeat for several.")
@click.option("--phone", "phones", multiple=True, metavar="NUMBER", help="A telephone number; repeat for several.")
@click.option("--name", "names", multiple=True, metavar="WORDS", help="A name, a street: two words or more; repeat.")
@click.option("--listing", "listings", multiple=True, metavar="ID", help="A whole listing, such as een:BRDE20200417.")
@click.option("--dry-run", is_flag=True, help="Say where something would go, and change nothing.")
@click.option("--store", type=click.Path(path_type=Path), help="Where results are kept.")
def command(
    emails: tuple[str, ...],
    phones: tuple[str, ...],
    names: tuple[str, ...],
    listings: tuple[str, ...],
    dry_run: bool,
    store: Path | None,
) -> None:
    """Take a person, or a listing, out of everything that is kept, and keep them out.

    Values are replaced by a mark wherever they stand; what stays is a keyed hash, by which they are known when they
    come back. Without a value the list is applied again, as after a restored back-up.
    """
    from pipelines.cleaned_store import StoreCleaner
    from pipelines.erasure.snapshots import NotErasable
    from pipelines.erasure.suppressed import Suppressed
    from pipelines.erasure.values import value_of
    from pipelines.seal import Unopened

    root = store_of(store).absolute()
    if not root.is_dir():
        raise click.ClickException(f"there is no store {root}")
    given = [*(("email", one) for one in emails), *(("phone", one) for one in phones)]
    given += [("words", one) for one in names]
    try:
        values = tuple(value_of(kind, text) for kind, text in given)
        _check(listings)
        suppressed = Suppressed(keys_of(root)).added(values, listings, datetime.now(UTC).date())
        cleaner = StoreCleaner(root, suppressed, dry_run)
        with only_run(root, "erase", WAIT_SECONDS, lambda line: click.echo(line, err=True)):
            if not dry_run:
                suppressed.kept()  # first: what is interrupted is finished by calling again without a value
            cleaner.clean()
    except (Busy, NotErasable, Unopened, ValueError) as error:
        raise click.ClickException(str(error)) from error
    _tell(cleaner.found, dry_run)


def _tell(found: Mapping[str, int], dry_run: bool) -> None:
    for place, files in sorted(found.items()):
        click.echo(f"{place}: {files}")
    places = sum(found.values())
    hint = "" if places else "; if that is not what you expect, look whether it is written right"
    click.echo(f"{places} places {'hold it' if dry_run else 'held it and hold it no more'}{hint}")


def _check(listings: tuple[str, ...]) -> None:
    from sources.platforms import PLATFORMS
    from sources.weekly.identity import as_shown

    known = {platform.name for platform in PLATFORMS}
    for listing in listings:
        platform, _, source_id = listing.partition(":")
        if platform not in known or not source_id:
            raise ValueError("--listing is not platform:number as in the reports, such as een:BRDE20200417")
        if (shown := as_shown(listing)) != listing:
            raise ValueError(
                f"--listing {listing} is a former number: the platform showed {shown}, which takes out all that ever"
                " bore it; a person alone is erased by --email or --phone"
            )
