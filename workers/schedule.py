"""When the tasks run. Each entry expires with its interval: after a standstill none has piled up.

Every task is harmless to run twice or by two beats at once.
"""

from typing import Any

MINUTE = 60.0


def _every(seconds: float, task: str) -> dict[str, Any]:
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


SCHEDULE: dict[str, dict[str, Any]] = {
    entry["task"]: entry
    for entry in (
        _every(15 * MINUTE, "reminders.plan_day"),
        _every(30.0, "mails.send"),
        _every(MINUTE, "mails.sweep"),
        _every(30.0, "reports.run_waiting"),
        _every(30.0, "cycles.carry_on"),
        _every(30.0, "suggestions.carry_on"),
        _every(15 * MINUTE, "extensions.lapse"),
        _every(60 * MINUTE, "accounts.remove_expired_sessions"),
        _every(60 * MINUTE, "typed_drafts.sweep"),
        _every(MINUTE, "bulk.carry_on"),
        _every(60 * MINUTE, "bulk.forget_previews"),
        _every(60 * MINUTE, "attachments.sweep"),
        _every(30.0, "imports.carry_on"),
        _every(60 * MINUTE, "imports.sweep"),
        _every(60 * MINUTE, "audit.seal_day"),
        _every(24 * 60 * MINUTE, "effects.recount"),
    )
}
