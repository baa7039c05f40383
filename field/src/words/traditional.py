"""Writes the traditional words from the simplified ones: `python traditional.py [check]`.

The rules are those of script/translations.py. With `check` nothing is written;
the exit code is 1 if the two are out of step.
"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[2] / "script"))

from translations import traditional  # noqa: E402

HEAD = "/** 應用的繁體中文用語：由 traditional.py 從簡體轉換，請勿手改。 */"
MODULES = {"zh-hans.ts": "zh-hant.ts", "zh-hans-work.ts": "zh-hant-work.ts"}


def derived(source: str) -> str:
    """The module in traditional characters; its code keeps its names."""
    lines = (HEAD if line.startswith("/**") else traditional(line) for line in source.splitlines())
    return "\n".join(lines).replace("zhHans", "zhHant").replace("zh-hans", "zh-hant") + "\n"


def main(check: bool) -> int:
    wanted = {HERE / target: derived((HERE / source).read_text()) for source, target in MODULES.items()}
    if check:
        stale = [path.name for path, text in wanted.items() if not path.exists() or path.read_text() != text]
        if stale:
            print(f"{', '.join(stale)} out of step. Mend: python field/src/words/traditional.py, then look at them.")
        return int(bool(stale))
    for path, text in wanted.items():
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] == ["check"]))
