"""``verbundradar simulate``: the sample platforms as a server on this machine."""

import click

from sources.week import Week


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0: any free port.")
@click.option("--week", default="2020-W16", show_default=True, metavar="WEEK", help="Week of the sample world.")
@click.option("--rate", type=float, metavar="N", help="Answer 429 beyond N requests a second and platform.")
def command(port: int, week: str, rate: float | None) -> None:
    """Serve the sample platforms over HTTP on loopback until interrupted, with faults on demand.

    The first line printed is the base address for `run --live`.
    """
    from sources.samples.server import SampleServer  # reads all samples: only once the options are known to be good

    try:
        server = SampleServer(Week.parse(week), port, rate)
    except (ValueError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(server.base_url)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
