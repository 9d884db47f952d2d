"""The command ``verbundradar``: one word a task, each loaded only when it is asked for."""

import re
from difflib import get_close_matches
from importlib import import_module

import click

from pipelines.faults import WrongSetting, command_fault

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


# What click says otherwise, and what may help.
_PLAINER = {
    r"Got unexpected extra arguments? \((.*)\)": r"No option before '\1': a week follows --week, a folder its own",
    r"a valid integer( range)?": "a whole number",
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

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            raise click.UsageError(
                f"No such option '{error.option_name}' before the command; options follow it, as in: verbundradar run"
                " --week 2020-W16",
                ctx,
            ) from error

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS:
            alike = get_close_matches(args[0], COMMANDS, n=1)
            remedy = f"Did you mean '{alike[0]}'?" if alike else "All commands: verbundradar --help"
            raise click.UsageError(f"No such command '{args[0]}'. {remedy}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            told = str(error.format_message())
            for words, plainer in _PLAINER.items():
                told = re.sub(words, plainer, told)
            raise click.UsageError(told, error.ctx) from error
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise
        except WrongSetting as error:
            raise click.ClickException(str(error)) from error
        except Exception as error:
            if fault := command_fault(error):
                raise click.ClickException(fault) from None
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


# Click ends a wrong call with 2, which for whoever schedules a run means that it came out with warnings.
click.UsageError.exit_code = 1


@click.command(cls=LazyGroup)
@click.version_option(package_name="verbundradar")
def main() -> None:
    """Verbundradar: new consortium opportunities across the cooperation platforms of the health industry."""
