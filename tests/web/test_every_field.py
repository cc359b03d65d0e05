"""Each field of each form that anybody of the cast finds on any page: what is wrong in it is told at that
field, nothing is written, and the rest of what was typed is still there.

Nothing here names a form: new ones are covered as they appear. A form that the plausible does not fill in
needs a line in FITTING; one that no page of the walk shows, a reason in TRIED_ELSEWHERE.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import DevelopmentPlan
from idp.services.objections import lodge_objection
from idp.services.organisation_rules import NUMBERS, SWITCHES
from idp.web.forms.plan_items import typed_date
from tests.factories import steps
from tests.factories.addresses import populate, routes_of
from tests.factories.sample import Sample, at
from tests.factories.standings import visitors
from tests.factories.website import Website, make_website
from tests.web.form_fields import Form, filled, forms_of
from tests.web.walk import LINK, SCAN, TODAY, Snapshot, Walk, pages
from tests.web.wrong_values import HUGE, wrong_values

OWN_PEOPLE = ("owner", "supervisor", "second level", "HR")
EVERYBODY = (*OWN_PEOPLE, "executive", "administrator")


def objected(session: Session, sample: Sample) -> None:
    steps.received(session, sample)
    grounds = "คะแนนไม่ตรงกับผลงานที่ปฏิบัติจริงในรอบการประเมิน"
    lodge_objection(session, sample.cast.somchai, sample.assessment.id, grounds, at(steps.RECEIPT_DAY))


@dataclass(frozen=True)
class Scene:
    """What was done, on which day the pages are opened; without `do` every kind of record is there."""

    do: Callable[[Session, Sample], Any] | None
    day: date

    def __str__(self) -> str:
        return self.do.__name__ if self.do else "one of everything"


SCENES = (
    Scene(None, steps.REVIEW_DAY),
    Scene(steps.self_assessing, steps.SELF_DAY),
    Scene(steps.rating, steps.RATING_DAY),
    Scene(steps.rated, steps.SECOND_DAY),
    Scene(steps.second_opinion, steps.RELEASE_DAY),
    Scene(steps.released, steps.RECEIPT_DAY),
    Scene(objected, steps.RECEIPT_DAY),
    Scene(steps.drafted, steps.PLAN_DAY),
    Scene(steps.approved, steps.PROGRESS_DAY),
    Scene(steps.in_evaluation, steps.EVALUATION_DAY),
)


def first(name: str) -> Callable[[Form], str]:
    """What the form offers first in that field."""
    return lambda form: next(
        text for each in form.named(name) for text in (each.options or [each.value]) if text
    )


OFF_AT_FIRST = (
    "agreement_at_start",
    "hr_checks_plan",
    "second_level_checks_plan",
    "takes_average_levels",
    "thai_digits",
)
NEW_ORGANISATION = {"code": "bang-ban", "core": "sample-core", "login": "bang-ban.officer", "email": ""}
FITTING: dict[str, dict[str, object]] = {
    "assessment_steps.take": {"refused_on": TODAY},
    "bulk.choose": {"assessment": first("assessment"), "action": first("action")},
    "budgets.save": {"baht-N": "1000"},
    "course_runs.create": {"starts_on": "2/3/2569", "ends_on": "4/3/2569", "seats": "20"},
    "course_runs.save": {"starts_on": "2/3/2569", "ends_on": "4/3/2569", "seats": "20"},
    "courses.create": {"code": "NEW-01", "hours": "12"},
    "courses.save": {"code": "NEW-02", "hours": "12"},
    "delegations.create": {
        "represented": "0003",
        "delegate": "0002",
        "from_on": "1/12/2568",
        "until_on": "31/12/2568",
    },
    "evidence.add": {"files": SCAN},
    "evidence.link": {"url": "https://example.go.th/certificate"},
    "extensions.ask": {"more": "5"},
    "extensions.for_unit": {"phase": "progress", "until_on": "15/9/2569"},
    "extensions.grant": {"more": "5"},
    "framework_choice.choose": {"core": "sample-core", "functional": "sample-core", "from_on": "10/10/2569"},
    "framework_editor.create": {"code": "another"},
    "moderation.ask": {"until_on": "12/11/2568"},
    "objection_decisions.record": {"outcome": "dismissed", "decided_on": TODAY},
    "objections.lodge": {"arrived_on": TODAY},
    "organisation_rules.save": {
        "from_on": "10/10/2569",
        **dict.fromkeys(SWITCHES, "no"),
        **dict.fromkeys(OFF_AT_FIRST, "yes"),
        **dict.fromkeys(NUMBERS, "9"),
        "plan_priorities": "2",
    },
    "scoring_rules.save": {"from_on": "10/10/2569", "competency_part": "40"},
    "scoring_rules.save_pass_rule": {"from_on": "10/10/2569", "pass_rule": "all"},
    "organisations.appoint": {"login": "other.officer", "email": ""},
    "organisations.create": dict(NEW_ORGANISATION),
    "position_overrides.end": {"until_on": TODAY},
    "paper.enter": {"then": "enter", "scan": SCAN, "signed_on": TODAY, "item-N-level": "1"},
}
LET_BE: dict[tuple[str, str], str] = {
    ("extensions.for_unit", "cycle_id"): "404: a cycle that is not there is as good as missing",
    **{
        ("objection_decisions.record", name): "read only where the objection is upheld: test_objections.py"
        for name in ("item-N-level", "item-N-reason", "results_score")
    },
    **{
        (form, "results_score_drawn"): "what the points were when drawn: test_results_score_field.py"
        for form in ("assessments.save_rating", "paper.enter")
    },
    ("reports.create", "unit_id"): "404: so is a unit",
    **{
        ("scoring_rules.save", name): "read by the trial alone: test_scoring_rules.py"
        for name in ("trial_expected-N", "trial_attained-N", "trial_weight-N", "trial_results")
    },
    ("team_ratings.save", "item-N-version"): "409: the version that the row was drawn from",
    ("reports.create", "version"): "404: so is a version of the plan; it is not the record's own",
}
TRIED_ELSEWHERE: dict[str, str] = {
    "account.send_password": "test_account.py: a fifth wrong password is refused whatever it is",
    "auth.log_out": "no field",
    "imports.create": "test_imports.py: takes a table, not a scan",
    "language.switch": "no field",
    "position_overrides.create": "test_profiles.py: the sample uses no framework to choose from",
    "position_overrides.save_change": "test_profiles.py: the sample's has held many a day, and stays",
    "auth.send_log_in": "test_log_in.py, test_odd_input.py: whatever is wrong, one answer",
    "typed_drafts.keep": "test_typed_drafts.py: sent by the script of the page",
}
NOT_SHOWN: dict[str, str] = {
    "catalogue.add_to_plan": "no field but the version: test_catalogue.py",
    "catalogue_actions.discard": "no field but the version: test_catalogue.py",
    "mentors.offer": "test_mentors.py: no result of the walk is a strength",
    "catalogue_actions.create": "test_catalogue.py: the sample uses no framework to choose a level from",
    "catalogue_steps.include": "test_catalogue.py",
    "accounts.create": "test_accounts.py",
    "accounts.end": "test_accounts.py",
    "accounts.open_again": "no field",
    "agreements.refuse": "test_agreements.py",
    "agreements.save": "test_agreements.py",
    "appraisers.end": "test_appraisers.py",
    "carry_over.carry": "no field but the version: test_carry_over.py",
    "carry_over.carry_all": "no field but the version: test_carry_over.py",
    "carry_over.refuse": "test_carry_over.py",
    "courses.offer": "no field but the version: test_courses.py",
    "courses.take": "test_courses.py: no scene has both a course and a plan to put it into",
    "cycles.release": "test_cycles_release.py",
    "delegations.end": "test_delegations.py",
    "evidence.submit": "no field but the version: test_evidence.py",
    "evidence.withdraw": "test_evidence.py",
    "extensions.reopen_plan": "test_extensions.py",
    "framework_choice.take_latest": "no field but the version: test_framework_choice.py",
    "framework_editor.begin_next": "no field",
    "framework_editor.retire": "test_framework_editor.py",
    "imports.give_up": "no field but the version: test_imports.py",
    "imports.let_in": "no field but the version: test_imports.py",
    "letters.hand_over": "test_letters.py",
    "mentors.ask": "test_mentors.py: nobody near offers what the sample lacks",
    "next_position.add": "test_next_position.py: the sample has no profiles",
    "plan_amendments.restore": "no field but the version: test_plan_amendments.py",
    "scoring_rules.try_out": "a second button of the form: test_scoring_rules.py",
    "profiles.save": "test_profiles.py: the sample has no profiles",
    "profiles_carry_over.apply": "test_profiles.py",
    "suggestions.full_path": "test_plan_pages.py, test_suggestions.py",
    "suggestions.restore": "no field",
    "suggestion_runs.begin": "no field",
    "team_ratings.start": "no field but the versions: test_team_ratings.py",
    "typed_drafts.discard": "no field",
}
"""Forms of a state that no scene has."""


@dataclass
class Place:
    website: Website
    snapshot: Snapshot

    def begin(self, scene: Scene) -> tuple[dict[str, FlaskClient], list[str], tuple[str, ...]]:
        """Everybody's browser, the addresses to begin with, and how the links begin that are followed."""
        self.snapshot.put_back("empty")
        site = self.website
        within: tuple[str, ...] = ("/",)
        if scene.do is None:
            values = populate(site)
            found = [each.address for each in routes_of(site.app, values) if each.method == "GET"]
            year = {"fiscal_year": "2571", "code": "2571", "name_th": "รอบใหม่"}
            found.append(f"/cycles/new/dates?{urlencode(year)}")
        else:
            site.do(scene.do)
            assessment = site.sample.assessment.id
            with site.session() as session:
                plan = session.scalar(select(DevelopmentPlan.id))
            found = [f"/assessments/{assessment}", f"/paper/assessments/{assessment}"]
            found += [f"/assessments/{assessment}/suggestions", "/team/ratings/"]
            found.append(f"/assessments/{assessment}/plan-proposal")
            found += [f"/plans/{plan}"] if plan else []
            within = ("/paper/", "/objections/", "/team/ratings/", f"/plans/{plan}/")
        site.clock.moment = at(scene.day)
        browsers = {name: each.client for name, each in visitors(site).items() if name in EVERYBODY}
        if scene.do is None:
            typed = {"action": "approve_plans", "assessment": str(site.sample.assessment.id)}
            found.insert(0, browsers["supervisor"].post("/bulk/", data=typed).headers["Location"])
        self.snapshot.keep("scene")
        return browsers, found, within


@pytest.fixture(scope="module")
def place(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("every-field")
    path = folder / "site.sqlite3"
    shutil.copyfile(sqlite_template, path)
    for website in make_website(f"sqlite:///{path}", folder):
        website.app.config["IDP_FORMS_CARRY_VERSION"] = True
        snapshot = Snapshot(website, path)
        snapshot.keep("empty")
        yield Place(website, snapshot)


def test_what_is_wrong_in_any_field_is_told_there_and_changes_nothing(place: Place) -> None:
    walk = Walk(place.snapshot, FITTING, LET_BE, frozenset(TRIED_ELSEWHERE))
    for scene in SCENES:
        walk.day = typed_date(scene.day)
        browsers, addresses, within = place.begin(scene)
        for who in EVERYBODY if scene.do is None else OWN_PEOPLE:
            client = browsers[who]
            for page in pages(place.website, client, addresses, within):
                walk.try_page(client, page, f"{scene}, {who}")
    faults = [*walk.faults, *walk.never_filled_in]
    assert not faults, "\n".join([f"{len(faults)} faults:", *faults])
    left = posts(place) - walk.tried - set(TRIED_ELSEWHERE) - set(NOT_SHOWN)
    assert not left, f"forms that no page of the walk shows: {sorted(left)}"


def posts(place: Place) -> set[str]:
    return {
        rule.endpoint for rule in place.website.app.url_map.iter_rules() if "POST" in (rule.methods or set())
    }


@pytest.mark.parametrize("website", ["postgresql"], indirect=True)
def test_the_other_database_refuses_as_well_what_it_cannot_hold(website: Website) -> None:
    """U+0000, numbers and texts beyond every column: an error of the database's own would be raised here."""
    addresses = [each.address for each in routes_of(website.app, populate(website)) if each.method == "GET"]
    shapes = set()
    for name in ("malee", "somchai", "suda"):
        client = website.sign_in(name)
        for page in pages(website, client, addresses, ("/none",)):
            for form in forms_of(page.text):
                address = form.action or page.path
                shape = (urlsplit(address).path, *sorted(form.names))
                if form.method != "post" or shape in shapes or address.startswith(ENDS):
                    continue
                shapes.add(shape)
                for control in form.controls:
                    for wrong in wrong_values(control, share=True) if control.kind != "button" else ():
                        data = {**dict(filled(form)), control.name: wrong.sent}
                        assert client.post(address, data=data).status_code < 500, (address, control.name)


ENDS = ("/logout", "/language", "/account", "/accounts")
"""After which the browser, or somebody else's, is not signed in any more."""


def test_what_is_wrong_in_the_question_of_an_address_is_no_failure(place: Place) -> None:
    """Filters, places in a list: each name that any link or form of a page asks with."""
    browsers, addresses, _within = place.begin(SCENES[0])
    asked: set[tuple[str, str, str]] = set()
    for who in ("HR", "supervisor", "owner", "administrator"):
        for page in pages(place.website, browsers[who], addresses, ("/none",)):
            links = [urlsplit(unescape(each)) for each in LINK.findall(page.text)]
            asked |= {(who, each.path, name) for each in links for name, _text in parse_qsl(each.query)}
            for form in forms_of(page.text):
                if form.method == "get":
                    asked |= {(who, form.action or page.path, name) for name in form.names}
    assert len(asked) > 10
    shapes = {(re.sub(r"\d+", "N", path), name): (who, path) for who, path, name in sorted(asked)}
    for (_shape, name), (who, path) in shapes.items():
        for text in ("ก", "-1", "999999", HUGE, "31/2/2569", "ก" * 2000, "1e400"):
            answer = browsers[who].get(f"{path}?{urlencode({name: text})}")
            assert answer.status_code in {200, 302, 400, 404, 422}, (
                path,
                name,
                text[:20],
                answer.status_code,
            )
