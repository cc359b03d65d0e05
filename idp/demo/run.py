"""`idp demo`: build the demonstration in a database of its own, print its forms, say how to log in."""

import json
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session
from tqdm import tqdm

from idp.adapters.storage_choice import storage_for
from idp.config import Settings
from idp.demo.build import Building
from idp.demo.database import begin_building, demo_is_there, finish_building
from idp.demo.errors import DemonstrationError
from idp.demo.logins import HR_LOGIN, login_lines
from idp.demo.prints import PrintRun, print_forms
from idp.demo.seeds import DemoSeeds, read_demo_seeds
from idp.demo.summary import summary
from idp.models.engine import make_engine, reading
from idp.services.mail_sending import Post

DEFAULT_SEED = 1
FORMS_EACH = 10

FIRST_WEEKS = timedelta(days=45)
"""Before them the current year has not come far enough for somebody at every state."""


def run_demo(
    settings: Settings,
    *,
    out: Path | None = None,
    seed: int = DEFAULT_SEED,
    if_missing: bool = False,
    today: date | None = None,
    organisations: Sequence[str] | None = None,
    forms_each: int = FORMS_EACH,
    quiet: bool = False,
) -> dict[str, Any]:
    """Build the demonstration and return its summary.

    `today` (default: the day of the seeds) is the simulated day on which it stands: the same arguments give
    the same content on any day. `out` (default: "demo" in the settings' data folder) gets the forms as PDF,
    the mails as .eml files and summary.json. `organisations`: codes of some of the five; `forms_each`:
    people of each whose two forms are printed. With `if_missing` nothing is done where it is built already,
    and the summary is empty. Raises DemonstrationError.
    """
    seeds = read_demo_seeds()
    codes = [organisation.code for organisation in seeds.plan.organisations]
    if if_missing and demo_is_there(settings.database_url, codes):
        _print_logins(settings.database_url, seeds, quiet)
        return {}
    today = today or seeds.plan.today
    _check_day(seeds, today)
    chosen = seeds.chosen(organisations)
    out = out or settings.data_dir / "demo"
    out.mkdir(parents=True, exist_ok=True)  # a folder that cannot be had is told before minutes of work
    building_url = begin_building(settings.database_url, codes)
    engine = make_engine(building_url)
    post = Post(settings.mail_from, settings.base_url)
    storage = storage_for(settings)
    with Session(engine, expire_on_commit=False) as session:
        building = Building(session, seeds, chosen, seed, today, out / "mail", post, storage)
        days = (today - building.first_day).days + 1
        with tqdm(total=days, unit=" days", desc="demonstration", file=sys.stderr, disable=quiet) as bar:
            building.build(lambda day: _tick(bar, day))
    with building.timed("forms"):
        closed = seeds.plan.cycles.closed.code
        run = PrintRun(building_url, settings, out, closed, today, forms_each, quiet)
        print_forms(run, building.offices)
    with Session(engine) as session:
        frameworks = {organisation.code: organisation.framework for organisation in chosen}
        result = summary(session, seed, frameworks, building.seconds)
    engine.dispose()
    finish_building(settings.database_url)
    text = json.dumps(result, ensure_ascii=False, indent=2)
    (out / "summary.json").write_text(text + "\n", encoding="utf-8")
    _print_logins(settings.database_url, seeds, quiet)
    return result


def _tick(bar: "tqdm[Any]", day: date) -> None:
    bar.set_postfix_str(day.isoformat(), refresh=False)
    bar.update()


def _check_day(seeds: DemoSeeds, today: date) -> None:
    current = seeds.plan.cycles.current
    first, last = current.opens_on + FIRST_WEEKS, max(due for _, due in current.phases.values())
    if not first <= today <= last:
        raise DemonstrationError(f"the demonstration stands on a day from {first} to {last}, not on {today}")


NAMES = (
    "employee",
    "planner",
    "supervisor",
    "second",
    "executive",
    "auditor",
    "committee",
    "appraiser",
)


def _print_logins(url: str, seeds: DemoSeeds, quiet: bool) -> None:
    if quiet:
        return
    names = (*NAMES, HR_LOGIN)
    logins = [f"{name}.{each.code}" for each in seeds.plan.organisations for name in names]
    logins.append(seeds.plan.deployment_administrator.login)
    engine = make_engine(url)
    try:
        with reading(), Session(engine) as session:
            lines = login_lines(session, seeds.plan.password, logins)
    finally:
        engine.dispose()
    print("Demonstration log-ins:", *lines, sep="\n")
