"""Work on one database, in a process of its own: `python -m bench.inside cast|writes|figures …`."""

import importlib
import json
import sys
from pathlib import Path

from bench.figures import Figure
from bench.run import Run


def main() -> None:
    from citong.cli.main import django_ready

    django_ready()
    what, *arguments = sys.argv[1:]
    if what == "figures":
        measured(Run.read(arguments[0]), Path(arguments[1]), names=arguments[2:])
    else:
        importlib.import_module(f"bench.{what}").write(Path(arguments[0]))


def measured(run: Run, out: Path, *, names: list[str]) -> None:
    """The figures of the named measurements are lines of `out`; one that fails says why."""
    for name in names:
        print(f"{name} at {run.size:,} cases …", flush=True)
        try:
            figures = list(importlib.import_module(f"bench.{name}").measure(run))
        except Exception as fault:
            figures = [Figure(name, run.size, note=f"{type(fault).__name__}: {' '.join(str(fault).split())[:500]}")]
        with out.open("a") as file:
            for figure in figures:
                print(f"  {'  '.join(cell for cell in figure.cells() if cell)}", flush=True)
                file.write(json.dumps(figure.stored(), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
