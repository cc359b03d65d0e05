"""Make the reports that people asked for."""

from idp.adapters.clock import utc_now
from idp.adapters.queue import nudge
from idp.adapters.storage_choice import storage_for
from idp.services.reports import due_reports, run_report, sweep_reports
from workers.app import app, settings
from workers.database import open_session

LONGEST = {"soft_time_limit": 780, "time_limit": 840}
"""Seconds: an archive of many forms takes its time, within the broker's visibility time-out."""


@app.task(name="reports.run", **LONGEST)
def run(job_id: int) -> None:
    """Carry out one job, unless somebody else has it."""
    run_report(open_session, storage_for(settings), utc_now, job_id)


@app.task(name="reports.run_waiting")
def run_waiting() -> None:
    """Wake workers for jobs whose nudge was lost or whose worker died; fail what died too often."""
    with open_session() as session:
        sweep_reports(session, utc_now())
        waiting = due_reports(session, utc_now())
        session.commit()
    for job_id in waiting:
        nudge("reports.run", job_id, settings=settings)
