"""`citong export`: the open data of the city as a file."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from citong.cli.main import django_ready
from citong.cli.trouble import Trouble

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

T = TypeVar("T")
DAY = "YYYY-MM-DD"


@click.group()
def command() -> None:
    """Give away what is public."""


@command.command()
@click.option("--format", "form", type=click.Choice(["csv", "geojson"]), default="csv", show_default=True, help="Form.")
@click.option("--since", metavar=DAY, help="Only cases received on that day or later.")
@click.option("--until", metavar=DAY, help="Only cases received on that day or earlier.")
@click.option("--service", help="Only cases of that service.")
@click.option("--category", help="Only that kind and those below it, by its code.")
@click.option("--district", help="Only that district, by its code.")
@click.option("--state", type=click.Choice(["open", "closed"]), help="Only open or only closed ones.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), default=Path("-"),
    help="The file; it stands there only when it is whole. Without it the rows go to the screen.",
)  # fmt: skip
def cases(form: str, output: Path, **given: str | None) -> None:
    """Write all public cases, without personal data, as the page /open-data/ gives them."""
    django_ready()
    from django.utils import timezone

    from citong.core.flow.published import batches, file_of, published
    from citong.core.flow.published_filter import read_filter
    from citong.core.flow.refusal import Invalid

    try:
        asked = read_filter({name: value for name, value in given.items() if value})
    except Invalid as fault:
        said = "; ".join(f"--{name}: {' '.join(sentences)}" for name, sentences in fault.errors.items())
        raise Trouble(said, mend="see `citong export cases --help`.") from None
    at = timezone.now()
    if output == Path("-"):
        sys.stdout.buffer.writelines(file_of(batches(asked), form=form, at=at))
        return
    unfinished = output.with_name(f"{output.name}.part")
    with unfinished.open("wb") as file, click.progressbar(length=published(asked).count(), label="Cases") as bar:
        file.writelines(file_of(_told(batches(asked), bar), form=form, at=at))
        written = bar.pos
    unfinished.replace(output)
    click.echo(f"{written} cases are in {output}.")


def _told(batches: Iterable[Sequence[T]], bar: "ProgressBar[int]") -> Iterator[Sequence[T]]:
    """The batches; the bar moves on behind each."""
    for batch in batches:
        yield batch
        bar.update(len(batch))
