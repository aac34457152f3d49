"""`mfa-lab doctor`: what works here."""

from __future__ import annotations

import sys

import click

from mfa_lab import doctor
from mfa_lab.cli.language import current_language, language_option
from mfa_lab.cli.localized_help import LocalizedCommand
from mfa_lab.cli.progress_bar import is_terminal
from mfa_lab.cli.streams import Output
from mfa_lab.text import say


@click.command("doctor", cls=LocalizedCommand)
@language_option
@click.pass_context
def command(context: click.Context) -> None:
    """Show the report; the exit status is 1 where something that is needed does not work."""
    language = current_language()
    with click.progressbar(
        doctor.checks(),
        label=say("cli.doctor.progress", language),
        file=sys.stderr,
        hidden=not is_terminal(),
    ) as checks:
        found = [check() for check in checks]
    report = doctor.report(found)
    Output().send(f"{doctor.ReportPage(report, language)!r}\n")
    context.exit(0 if report.works else 1)
