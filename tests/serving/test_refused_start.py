"""A program started by somebody else's command names what is wrong with its settings, in lines, and ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
PROGRAMS = {
    "web": ["gunicorn", "--config", "python:idp.serving.gunicorn_settings", "idp.wsgi:app"],
    "worker": ["celery", "-A", "workers.app", "worker"],
    "beat": ["celery", "-A", "workers.app", "beat"],
    "migrate": ["idp", "migrate"],
}


@pytest.mark.parametrize("name", list(PROGRAMS))
def test_a_default_secret_is_refused_in_production(name: str, tmp_path: Path) -> None:
    program, *arguments = PROGRAMS[name]
    done = subprocess.run(
        [BIN / program, *arguments],
        env={
            "PATH": os.environ["PATH"],
            "IDP_ENVIRONMENT": "production",
            "IDP_SECRET_KEY": "change-me",
            "IDP_DATA_DIR": str(tmp_path),
        },
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "IDP_SECRET_KEY" in done.stderr
    assert "Traceback" not in done.stderr
