"""A supervisor over small stand-in programs, run by the tests as a process of its own.

``supervised.py FOLDER START_SECONDS PROGRAMS_JSON``: a list of [name, Python source, file]. The source runs
with the folder as its working directory; the program counts as ready when the file exists ("": at once).
"""

from __future__ import annotations

import json
import os
import sys
from functools import partial
from pathlib import Path

from idp.serving.program import Program
from idp.serving.supervisor import Supervisor


def say(line: str) -> None:
    print(line, flush=True)


def main(folder: str, start_seconds: str, listed: str) -> int:
    os.chdir(folder)
    programs = [
        Program(
            name=name,
            command=(sys.executable, "-c", source),
            environment=dict(os.environ),
            stop_seconds=2.0,
            first_delay=0.05,
            is_ready=partial(os.path.exists, ready_file or "."),
        )
        for name, source, ready_file in json.loads(listed)
    ]
    return Supervisor(
        programs, Path("logs"), say, when_ready=lambda: say("ready"), start_seconds=float(start_seconds)
    ).run()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
