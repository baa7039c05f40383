"""How residents come in to a service: what the door says, and the pages on which they are asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.forms import Field
from django_stubs_ext import StrPromise

Words = str | StrPromise


@dataclass(frozen=True)
class Step:
    """One page of a public form: what it is about, the fields it asks, and what to say before."""

    label: Words
    fields: Sequence[str]
    words: Words = ""


@dataclass(frozen=True)
class Door:
    """What the door says, the pages behind it, and a warning that stands above all of them.

    A service draws the pages itself in its template `<code>/public_report.html`, or one of them in
    `<code>/public_step_<number>.html`, or has them drawn from the form of its opening.
    """

    label: Words
    words: Words
    steps: Sequence[Step]
    warning: Words = ""

    def faults(self, fields: Mapping[str, Field], *, lets_in: bool) -> Iterable[str]:
        """Every fault of the door before a form with these fields, each as a sentence with its mend."""
        asked = {name for step in self.steps for name in step.fields}
        if not lets_in:
            yield "its opening has a door and residents may not open it: add REPORTER to `by` or drop the door"
        for name in sorted(asked - fields.keys()):
            yield f"its door asks for `{name}`, which is no field of the form of its opening: drop it or add the field"
        for name in (name for name, field in fields.items() if field.required and name not in asked):
            yield f"its door never asks for `{name}`, which the form of its opening needs: add it to a step"
