"""What each transition requires, said as a condition: for the help page, where nothing is missing yet."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.rules.terms import Requirement

CONDITIONS: dict[Requirement, LazyString] = {
    Requirement.EVERY_COMPETENCY_RATED: _("ประเมินครบทุกสมรรถนะ"),
    Requirement.EVIDENCE_GIVEN: _("ระบุเหตุการณ์หรือพฤติกรรมที่แสดงออกครบ"),
    Requirement.REASON_GIVEN: _("ระบุเหตุผล"),
    Requirement.OPINION_GIVEN: _("ระบุความเห็นเมื่อเห็นแตกต่าง"),
    Requirement.WITNESS_NAMED: _("ระบุวันที่แจ้งผล ชื่อ และตำแหน่งของพยาน"),
    Requirement.PHASE_OPEN: _("ถึงกำหนดเวลาของขั้นตอน"),
    Requirement.PLAN_HAS_ITEMS: _("แผนมีรายการพัฒนาอย่างน้อยหนึ่งรายการ"),
    Requirement.ITEMS_COMPLETE: _("กรอกรายการพัฒนาครบทุกรายการ"),
    Requirement.EVERY_ITEM_EVALUATED: _("ประเมินผลรายการพัฒนาครบทุกรายการ"),
    Requirement.PRE_FLIGHT_PASSED: _("ผ่านการตรวจสอบความพร้อมก่อนเปิดรอบ"),
    Requirement.EVERY_RESULT_RELEASED: _("แจ้งผลการประเมินครบทุกคน"),
    Requirement.SELF_PHASE_OVER: _("พ้นกำหนดการประเมินตนเองแล้ว"),
    Requirement.NO_SECOND_LEVEL: _("ไม่มีผู้บังคับบัญชาเหนือขึ้นไป"),
    Requirement.SECOND_LEVEL_CHECK_ASKED: _("หน่วยงานกำหนดให้ผู้บังคับบัญชาเหนือขึ้นไปพิจารณาแผน"),
    Requirement.HR_CHECK_ASKED: _("หน่วยงานกำหนดให้งานการเจ้าหน้าที่ตรวจสอบแผน"),
    Requirement.LAST_CHECK: _("ไม่มีผู้ต้องพิจารณาแผนในลำดับถัดไป"),
    Requirement.IN_TIME: _("ยังไม่พ้นกำหนดส่ง หรือได้รับการขยายเวลา หรือหน่วยงานรับการส่งล่าช้า"),
    Requirement.AGREEMENT_SIGNED: _("ทั้งสองฝ่ายลงนามข้อตกลงต้นรอบแล้ว หากหน่วยงานกำหนดให้มี"),
    Requirement.NO_OPEN_OBJECTION: _("ไม่มีเรื่องร้องทุกข์ที่อยู่ระหว่างการพิจารณา"),
    Requirement.REOPENING_GRANTED: _("ระบุเหตุผลและวันสุดท้ายที่เปิดให้ดำเนินการใหม่"),
    Requirement.REOPENING_EXPIRED: _("พ้นกำหนดที่เปิดให้ดำเนินการใหม่"),
    Requirement.NEVER_APPROVED: _("แผนยังไม่เคยได้รับอนุมัติ"),
    Requirement.EARLIER_APPROVAL: _("แผนเคยได้รับอนุมัติแล้ว"),
    Requirement.HANDOVER_STATED: _("ผู้ประเมินเดิมบันทึกส่งมอบแล้ว หากมีการเปลี่ยนผู้ประเมินในรอบ"),
}
