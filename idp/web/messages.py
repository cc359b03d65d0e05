"""What a refused value is told at its field: one text for each code of InvalidInput."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.rules.errors import InvalidInput

MESSAGES: dict[str, LazyString] = {
    "missing": _("โปรดกรอกข้อมูลในช่องนี้"),
    "too_short": _("สั้นเกินไป ต้องมีอย่างน้อย %(minimum)s ตัวอักษร"),
    "too_long": _("ยาวเกินไป ใส่ได้ไม่เกิน %(maximum)s ตัวอักษร"),
    "too_common": _("รหัสผ่านนี้คาดเดาได้ง่าย โปรดใช้รหัสผ่านอื่น"),
    "same_as_login": _("รหัสผ่านต้องไม่ซ้ำกับชื่อผู้ใช้"),
    "not_the_same": _("รหัสผ่านใหม่ทั้งสองช่องไม่ตรงกัน"),
    "wrong": _("รหัสผ่านปัจจุบันไม่ถูกต้อง"),
    "taken": _("มีผู้ใช้แล้ว โปรดใช้ค่าอื่น"),
    "wrong_value": _("ค่านี้ไม่ถูกต้องตามที่กำหนด"),
    "has_account": _("บุคคลนี้มีชื่อผู้ใช้แล้ว"),
    "unknown": _("ไม่มีค่านี้ในรายการ โปรดเลือกใหม่"),
    "not_a_number": _("โปรดกรอกเป็นตัวเลข"),
    "not_a_date": _("โปรดกรอกวันที่ให้ถูกต้อง เช่น 1/10/2568"),
    "too_small": _("น้อยกว่าที่กำหนด ต้องไม่น้อยกว่า %(minimum)s"),
    "too_large": _("มากกว่าที่กำหนด ต้องไม่เกิน %(maximum)s"),
    "ends_before_start": _("วันสิ้นสุดต้องไม่อยู่ก่อนวันเริ่มต้น"),
    "before_start": _("วันสิ้นสุดต้องไม่อยู่ก่อนวันเริ่มต้น"),
    "required": _("โปรดกรอกข้อมูลในช่องนี้"),
    "not_text": _("มีอักขระที่ระบบรับไม่ได้ โปรดพิมพ์ข้อความใหม่"),
    "unknown_choice": _("ไม่มีค่านี้ในรายการ โปรดเลือกใหม่"),
    "level_not_on_ladder": _("สมรรถนะนี้ไม่มีระดับดังกล่าว เลือกได้เฉพาะระดับ %(levels)s"),
    "out_of_range": _("ต้องอยู่ระหว่าง %(minimum)s ถึง %(maximum)s"),
    "too_many_places": _("ใส่ทศนิยมได้ไม่เกินสองตำแหน่ง"),
    "not_a_whole_number": _("โปรดกรอกเป็นจำนวนเต็ม"),
    "wrong_subject": _("รายการที่เลือกไม่มีแบบพิมพ์ชนิดนี้"),
    "person_needed": _("ผู้ขอรายงานต้องเป็นบุคคลที่เข้าสู่ระบบ"),
    "in_the_future": _("ต้องไม่เป็นวันหลังจากวันนี้"),
    "before_release": _("ต้องไม่เป็นวันก่อนวันที่แจ้งผลการประเมิน"),
    "due_before_opening": _("วันครบกำหนดต้องไม่อยู่ก่อนวันเริ่ม"),
    "before_cycle": _("ต้องไม่อยู่ก่อนวันเริ่มปีงบประมาณ"),
    "after_cycle": _("ต้องไม่อยู่หลังวันสิ้นปีงบประมาณ"),
    "not_a_buddhist_year": _("โปรดกรอกปีงบประมาณเป็นปี พ.ศ. เช่น 2570"),
    "not_an_email": _("รูปแบบที่อยู่อีเมลไม่ถูกต้อง"),
    "no_such_person": _("ไม่พบบุคลากรหรือผู้ประเมินภายนอกตามที่ระบุ โปรดกรอกเลขประจำตัวหรือชื่อเต็ม"),
    "several_persons": _("มีผู้ใช้ชื่อนี้มากกว่าหนึ่งคน โปรดกรอกเลขประจำตัว"),
    "self": _("ต้องไม่ใช่ตัวผู้รับการประเมินเอง"),
    "same_as_supervisor": _("ต้องไม่ใช่คนเดียวกับผู้ประเมิน"),
    "before_step": _("ต้องไม่อยู่ก่อนวันที่ขั้นตอนนี้เริ่มทำได้"),
    "nothing_reported": _("ยังไม่ได้กรอกความก้าวหน้าของรายการใด"),
    "no_file": _("โปรดเลือกไฟล์"),
    "empty_file": _("ไฟล์นี้ไม่มีข้อมูล โปรดตรวจสอบแล้วเลือกไฟล์ใหม่"),
    "file_too_large": _("ไฟล์มีขนาดเกิน %(maximum)s เมกะไบต์ โปรดลดขนาดไฟล์ เช่น สแกนที่ความละเอียดต่ำลง"),
    "wrong_file_type": _("รับเฉพาะไฟล์ PDF, JPEG หรือ PNG โปรดแปลงไฟล์หรือสแกนใหม่"),
    "broken_file": _("เปิดไฟล์นี้ไม่ได้ ไฟล์อาจไม่สมบูรณ์ โปรดสแกนหรือบันทึกไฟล์ใหม่"),
    "encrypted_file": _("ไฟล์ PDF นี้มีรหัสผ่านหรือถูกเข้ารหัส โปรดบันทึกเป็นไฟล์ที่ไม่มีรหัสผ่าน"),
    "no_pages": _("ไฟล์ PDF นี้ไม่มีหน้าเอกสาร"),
    "too_many_pixels": _("ภาพมีความละเอียดสูงเกินกำหนด โปรดลดความละเอียด แล้วเลือกไฟล์ใหม่"),
    "infected": _("โปรแกรมตรวจไวรัสไม่ให้รับไฟล์นี้"),
    "not_scanned": _("ตรวจไวรัสในไฟล์ไม่สำเร็จ โปรดลองใหม่ภายหลัง"),
    "no_assignment": _("บุคลากรผู้นี้ยังไม่มีตำแหน่งที่กำลังดำรงอยู่"),
    "before_current_assignment": _("ต้องไม่อยู่ก่อนวันเริ่มดำรงตำแหน่งปัจจุบัน"),
    "before_today": _("ต้องไม่อยู่ก่อนวันนี้"),
    "not_later_than_due": _("ต้องอยู่หลังวันครบกำหนดที่ใช้อยู่ในปัจจุบัน"),
    "step_done": _("ขั้นตอนนี้ดำเนินการไปแล้วหรือยังไม่เกิดขึ้น จึงขยายเวลาไม่ได้"),
    "step_not_running": _("รอบการประเมินไม่มีขั้นตอนนี้ หรือไม่ได้อยู่ในสถานะที่ดำเนินการขั้นตอนนี้ได้"),
    "asked_already": _("มีคำขอขยายเวลาของขั้นตอนนี้รอพิจารณาอยู่แล้ว"),
    "one_of_both": _("โปรดเลือกจำนวนวันหรือกรอกวันที่อย่างใดอย่างหนึ่ง"),
}
OTHERWISE = _("ข้อมูลในช่องนี้ไม่ถูกต้อง")

BOUNDS = {"least": "minimum", "most": "maximum", "longest": "maximum"}
"""Other words for the bounds that a message names."""


def message_of(error: InvalidInput) -> str:
    """The text for the reader; a general one for a code without a text, or whose values are not all there."""
    try:
        values = {BOUNDS.get(name, name): value for name, value in error.values.items()}
        return str(MESSAGES.get(error.code, OTHERWISE)) % values
    except (KeyError, TypeError, ValueError):
        return str(OTHERWISE)
