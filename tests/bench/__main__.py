"""`python -m tests.bench NAME [--people N]`: one benchmark; its last line is `NAME: ratio X against WHAT`."""

import argparse
import importlib
from pathlib import Path

OTHER_MODULES = {"__init__", "__main__", "databases", "population", "rating_team"}
NAMES = sorted({path.stem for path in Path(__file__).parent.glob("*.py")} - OTHER_MODULES)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--people", type=int, default=100_000, help="employees in the one organisation")
    arguments = parser.parse_args()
    importlib.import_module(f"tests.bench.{arguments.name}").run(arguments.people)


if __name__ == "__main__":
    main()
