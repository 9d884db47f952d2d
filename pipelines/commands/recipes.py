"""``verbundradar recipes``: the chains of roles as a page for readers."""

from pathlib import Path

import click

from reports.language import LANGUAGES


@click.command()
@click.option("--language", type=click.Choice(LANGUAGES), default="de", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), help="File to write; by default standard output.")
def command(language: str, output: Path | None) -> None:
    """Write the recipes that consortia are composed after, as Markdown."""
    from matching.taxonomy.concepts import load_taxonomy
    from matching.taxonomy.recipes import load_recipes
    from reports.recipes import recipes_page

    page = recipes_page(load_recipes(), load_taxonomy(), language)
    if output is None:
        click.echo(page, nl=False)
    else:
        output.write_text(page, encoding="utf-8")
        click.echo(output)
