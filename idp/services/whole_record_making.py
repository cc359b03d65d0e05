"""Make the archive of one whole record: the data, the printed forms, and the files handed in about it."""

import json
import shutil
import zipfile
from datetime import date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from idp.adapters.storage import Storage, StorageError, StoredFile, kept_or_discarded
from idp.models import ReportJob
from idp.queries.form_words import FILE_NAMES
from idp.queries.forms import assessment_form, plan_form
from idp.queries.whole_record import attachments_of, whole_record
from idp.rules.plan_workflow import SHARED_STATES
from idp.rules.terms import ReportKind

DATA = "record.json"
FOLDER = "attachments"


def keep_whole_record(
    session: Session, storage: Storage, job: ReportJob, key: str, printed_on: date
) -> StoredFile:
    """Keep the archive of the job's assessment under `key`: the same bytes at every try of the job.

    The data are of the moment when it was asked for. A file that is gone from the storage does not keep the
    rest from being made: the data say that it is missing. Raises NotVisible when there is no such record.
    """
    # Loaded when needed: WeasyPrint is heavy, and only workers and commands make documents.
    from idp.adapters.pdf.forms import assessment_form_pdf, plan_form_pdf

    record = whole_record(session, job.subject_id, job.requested_at)
    moment = datetime.combine(printed_on, time()).timetuple()[:6]
    with kept_or_discarded(storage) as draft:
        with zipfile.ZipFile(draft.file, "w") as archive:
            form = assessment_form_pdf(assessment_form(session, job.subject_id, printed_on))
            archive.writestr(zipfile.ZipInfo(f"{FILE_NAMES[ReportKind.ASSESSMENT_FORM]}.pdf", moment), form)
            for plan in record["plans"]:
                if plan["state"] in SHARED_STATES:
                    form = plan_form_pdf(plan_form(session, plan["id"], printed_on))
                    archive.writestr(zipfile.ZipInfo(f"{FILE_NAMES[ReportKind.PLAN_FORM]}.pdf", moment), form)
            record["missing_files"] = _add_files(session, storage, archive, record, moment)
            data = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True).encode()
            info = zipfile.ZipInfo(DATA, moment)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
        return draft.keep(key)


def _add_files(
    session: Session,
    storage: Storage,
    archive: zipfile.ZipFile,
    record: dict[str, Any],
    moment: tuple[int, ...],
) -> list[int]:
    """Copy the attachments into the archive; the ids of those that are gone."""
    missing = []
    for number, key, name in attachments_of(session, record):
        try:
            content = storage.open(key)
        except StorageError:
            missing.append(number)
            continue
        inside = f"{FOLDER}/{number}_{name.replace('/', '-').replace(chr(92), '-')}"
        info = zipfile.ZipInfo(inside, moment)  # type: ignore[arg-type]
        with content, archive.open(info, "w") as target:
            shutil.copyfileobj(content, target)
    return missing
