"""What an operator is told when a command cannot go on."""

import click


class Trouble(click.ClickException):
    """What is wrong and how it is mended, in a sentence. Ends the command with exit code 1, no traceback."""

    def __init__(self, wrong: str, *, mend: str) -> None:
        super().__init__(f"{wrong} Mend: {mend}")
