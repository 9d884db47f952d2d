"""``verbundradar template``: the workbook for a network without software of its own."""

from pathlib import Path

import click


@click.command()
@click.option("--network", required=True, help="Short name of the network: letters, digits and hyphens.")
@click.option("--output", type=click.Path(path_type=Path), help="File to write; by default NETWORK.xlsx.")
def command(network: str, output: Path | None) -> None:
    """Write the XLSX template of `sammelordner` with drop-down lists and an example row."""
    from sources.platforms.sammelordner_template import template

    if not all(part.isalnum() for part in network.split("-")):
        raise click.ClickException("the short name of a network consists of letters, digits and hyphens")
    path = output or Path(f"{network}.xlsx")
    if path.exists():
        raise click.ClickException(f"{path} exists already")
    path.write_bytes(template(network))
    click.echo(path)
