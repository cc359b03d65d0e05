"""The one person of each organisation whose self-assessment came on paper."""

from collections.abc import Mapping
from datetime import date
from io import BytesIO

from idp.adapters.pdf.forms import blank_form_pdf
from idp.demo.scene import Scene
from idp.queries.blank_forms import blank_form
from idp.services.attachments import Upload, UploadDesk
from idp.services.paper import Bringing, Sheet, enter_ratings
from idp.services.ratings import RatingEntry

MOST_MEGABYTES = 10
SCAN_NAME = "แบบประเมินตนเอง {}.pdf"


def enter_on_paper(scene: Scene, entries: Mapping[int, RatingEntry], signed_on: date) -> None:
    """HR enters the signed form some days later. The empty form stands for the scan."""
    form = blank_form(scene.session, scene.assessment_id, signed_on)
    scan = Upload(SCAN_NAME.format(scene.member.number), BytesIO(blank_form_pdf(form)))
    desk = UploadDesk(scene.storage, MOST_MEGABYTES)
    bringing = Bringing(scene.session, desk, scene.hr, scene.assessment_id, scene.now)
    enter_ratings(bringing, "self", Sheet(signed_on, scan), entries)
