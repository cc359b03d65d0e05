"""What shows that a plan is carried out: evidence of its lines, and what both write in each half-year."""

from decimal import Decimal
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from idp.adapters.pdf.fonts import FACES
from idp.demo.clockwork import Story
from idp.demo.paper import MOST_MEGABYTES
from idp.demo.scene import Scene
from idp.models import PlanItem
from idp.rules.terms import Half
from idp.services.attachments import Upload, UploadDesk
from idp.services.evidence import add_files, add_link
from idp.services.follow_ups import write_follow_up
from idp.services.plan_progress import Used

HANDS_IN_FILE = 0.15
HANDS_IN_LINK = 0.25
FOLLOWED_UP = 0.6

PAID_FROM = 50
"""Percent from which on a course has been paid."""

PICTURE = (620, 440)
PICTURE_SAYS = "เอกสารตัวอย่าง (สาธิต)"


def hand_in_evidence(scene: Scene, item_id: int) -> None:
    """A picture of a paper, or the address of a certificate; many tell their supervisor without either."""
    session, owner, words = scene.session, scene.owner, scene.development
    drawn, title = scene.rng.random(), scene.say(words.evidence_titles)
    if drawn < HANDS_IN_FILE:
        upload = Upload(f"{title}.png", BytesIO(_picture()))
        desk = UploadDesk(scene.storage, MOST_MEGABYTES)
        add_files(session, desk, owner, item_id, title, [upload], scene.now)
    elif drawn < HANDS_IN_FILE + HANDS_IN_LINK:
        address = words.evidence_link.format(number=f"{scene.member.number}-{item_id}")
        add_link(session, owner, item_id, title, address, scene.now)


def used_so_far(scene: Scene, item: PlanItem, percent: int) -> Used:
    """About as much of the planned hours and baht as the line is far."""
    share = percent + scene.rng.randint(-10, 10)
    return Used(max(item.hours * share // 100, 0), item.cost_baht if share >= PAID_FROM else Decimal(0))


def follow_up(scene: Scene, half: Half) -> Story:
    """The employee writes, some days later the supervisor does."""
    if scene.rng.random() >= FOLLOWED_UP:
        return
    words = scene.development
    text = scene.say(words.follow_up_employee)
    write_follow_up(scene.session, scene.owner, scene.plan_id, half, text, scene.now)
    yield scene.diary.after(0, 4)
    text = scene.say(words.follow_up_supervisor)
    write_follow_up(scene.session, scene.supervisor, scene.plan_id, half, text, scene.now)


@cache
def _picture() -> bytes:
    """A page with a frame and a few words on it, as PNG."""
    picture = Image.new("L", PICTURE, 255)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((20, 20, PICTURE[0] - 20, PICTURE[1] - 20), outline=80, width=3)
    font = ImageFont.truetype(str(FACES[0].path), 34)
    pen.text((PICTURE[0] // 2, PICTURE[1] // 2), PICTURE_SAYS, fill=60, font=font, anchor="mm")
    written = BytesIO()
    picture.save(written, format="PNG")
    return written.getvalue()
