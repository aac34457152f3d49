"""`mfa-lab slides`: the lessons as slides, one HTML file each."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mfa_lab import folders
from mfa_lab.cli.failure import Failure
from mfa_lab.cli.language import current_language, language_option
from mfa_lab.cli.localized_help import LocalizedCommand
from mfa_lab.cli.streams import reason_of, tell
from mfa_lab.text import LANGUAGES, say
from mfa_lab.view.course.slides import slides_page
from mfa_lab.whole_file import write_whole


@click.command("slides", cls=LocalizedCommand)
@click.argument("folder", metavar="FOLDER")
@language_option
def command(folder: str) -> None:
    """Write every lesson of every language into a folder, as slides."""
    if not folder.strip():
        raise Failure("no_folder_name")
    target = Path(folder)
    try:
        notebooks = folders.notebooks()
    except folders.MissingFolderError as error:
        raise Failure("no_notebooks", folder=error.folder) from None
    try:
        count = sum(
            _write(notebooks / language, target / language, language) for language in LANGUAGES
        )
    except OSError as error:
        raise Failure("unwritable_folder", folder=target, reason=reason_of(error)) from None
    tell(say("cli.slides.written", current_language(), count=count, folder=target))


def _write(source: Path, target: Path, language: str) -> int:
    """Write the slides of a language, and count the files."""
    target.mkdir(parents=True, exist_ok=True)
    files = sorted(source.glob("*.ipynb"))
    for file in files:
        document = json.loads(file.read_text("utf-8"))
        page = slides_page(document, language)
        write_whole(target / f"{file.stem}.html", page.encode("utf-8"))
    return len(files)
