"""The command ``verbundradar``: one word a task, each loaded only when it is asked for."""

from importlib import import_module

import click

# Imports cost more than most answers (Dagster alone about a second), so a command is named here and loaded late.
COMMANDS = {
    "run": "Run a week from the platforms to the finished Lagebild.",
    "platforms": "List the platforms with access, language and last good state.",
    "dev": "Start the Dagster UI on a store.",
    "serve": "Be one service of an installation: a UI or the daemon.",
    "schedules": "Switch on what runs by itself, or say what is on.",
    "simulate": "Serve the sample platforms over HTTP, with faults on demand.",
    "template": "Write the workbook for a network without software.",
    "open": "Show the newest Lagebild in the browser.",
    "statistics": "Write the ministry's statistics of a week or a month, or say why they must not go out.",
    "archive": "Write the archive site over all issues, with PDF, feeds and checksums.",
    "send": "Send the digest of an issue to its readers, each once.",
    "erase": "Take a person or a listing out of all that is kept, and keep them out.",
    "purge": "Delete what has been kept as long as it may be.",
    "backup": "Write a store, or its keys, into one file.",
    "restore": "Write such a file into an empty store.",
    "mirror": "Copy tables and reports into a bucket.",
    "decide": "Write down what came of an opportunity.",
    "review": "Write a blind sample of a week's matches for people to judge.",
    "allocate": "Share offers out to requests: nothing promised twice, short ways first.",
    "match": "Rank the offers that can serve each request.",
    "resolve": "Find which records are the same organisation.",
    "explain": "Show why two records are one organisation, or why not.",
    "recipes": "Write the chains of roles that consortia are composed after as a page.",
}


class LazyGroup(click.Group):
    """A group whose commands live in `pipelines.commands.<name>.command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"pipelines.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


# Click ends a wrong call with 2, which for whoever schedules a run means that it came out with warnings.
click.UsageError.exit_code = 1


@click.command(cls=LazyGroup)
@click.version_option(package_name="verbundradar")
def main() -> None:
    """Verbundradar: new consortium opportunities across the cooperation platforms of the health industry."""
