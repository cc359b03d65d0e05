"""The words of the printed forms: official Thai, in every language of the pages."""

from idp.rules.delegations import DelegationKind
from idp.rules.terms import (
    AssessmentState,
    CompetencyCategory,
    DevelopmentMethod,
    MethodGroup,
    PlanItemState,
    PlanState,
    ReportKind,
)

ROLE_EMPLOYEE = "ผู้รับการประเมิน"
ROLE_SUPERVISOR = "ผู้ประเมิน"
ROLE_PLAN_SUPERVISOR = "ผู้บังคับบัญชา"
ROLE_SECOND_LEVEL = "ผู้บังคับบัญชาเหนือขึ้นไป"
ROLE_HR = "ผู้ตรวจสอบ"
ROLE_WITNESS = "พยาน"
DELEGATION_KINDS: dict[str, str] = {
    DelegationKind.ACTING: "รักษาราชการแทน",
    DelegationKind.PERFORMING: "ปฏิบัติราชการแทน",
}
HEADING_SECOND_LEVEL = "ผู้บังคับบัญชาเหนือขึ้นไป"
HEADING_ABOVE = "ผู้บังคับบัญชาเหนือขึ้นไปอีกชั้นหนึ่ง (ถ้ามี)"
HALF = "รอบที่ {}"
EDITION = "ฉบับที่ {}"
DRAFT_EDITION = "ฉบับร่าง"
BLANK_EDITION = ""
BLANK_STATUS = "แบบเปล่าสำหรับกรอกด้วยมือ"
TOTAL = "คะแนนรวม"
RESULTS_PART = "ผลสัมฤทธิ์ของงาน"
COMPETENCY_PART = "พฤติกรรมการปฏิบัติราชการ (สมรรถนะ)"
FROM_ON = "{} ขึ้นไป"
FROM_TO = "{} ขึ้นไป แต่ไม่ถึง {}"
BELOW = "ไม่ถึง {}"
LEVELS_BY_DAYS = "ระดับที่ประเมินได้ของสมรรถนะที่ {} {} ถัวเฉลี่ยตามจำนวนวันของผู้ประเมิน: {}"
ITEM_CALCULATION = "สมรรถนะที่ {} {}: {}"
COMPETENCY_CALCULATION = "คะแนนสมรรถนะ: {}"
TOTAL_CALCULATION = "คะแนนรวม = ผลสัมฤทธิ์ของงาน + สมรรถนะ: {}"
BAND_CALCULATION = "ระดับผลการประเมิน: {} อยู่ในช่วง {} คือ {}"
NO_TOTAL = "ยังไม่มีคะแนนผลสัมฤทธิ์ของงาน จึงไม่มีคะแนนรวมและระดับผลการประเมิน"
SURPLUS_HIDES_GAP = (
    "หมายเหตุ ระดับที่สูงกว่าความคาดหวังในบางสมรรถนะชดเชยช่องว่างของสมรรถนะอื่นได้ "
    "คะแนนรวมจึงไม่แสดงช่องว่างนั้น โปรดดูระดับของแต่ละสมรรถนะ"
)
SHARE_OF_HOURS = "สัดส่วนชั่วโมงการพัฒนา: {}"
SHARE = "{} ร้อยละ {}"

CATEGORIES = {
    CompetencyCategory.CORE: "สมรรถนะหลัก",
    CompetencyCategory.FUNCTIONAL: "สมรรถนะประจำสายงาน",
}
BANDS = {
    "excellent": "ดีเด่น",
    "very_good": "ดีมาก",
    "good": "ดี",
    "fair": "พอใช้",
    "needs_improvement": "ต้องปรับปรุง",
}
ASSESSMENT_STATES = {
    AssessmentState.NOT_STARTED: "ยังไม่เริ่มประเมิน",
    AssessmentState.SELF_ASSESSING: "กำลังประเมินตนเอง",
    AssessmentState.SELF_SUBMITTED: "ส่งผลประเมินตนเองแล้ว",
    AssessmentState.RATING: "อยู่ระหว่างการประเมิน",
    AssessmentState.RATED: "ผู้บังคับบัญชาประเมินแล้ว",
    AssessmentState.SECOND_OPINION: "อยู่ระหว่างการพิจารณา",
    AssessmentState.MODERATED: "ผ่านการกลั่นกรองแล้ว",
    AssessmentState.RELEASED: "แจ้งผลแล้ว",
    AssessmentState.RECEIVED: "รับทราบผลแล้ว",
    AssessmentState.REFUSED: "ไม่ลงนามรับทราบ",
    AssessmentState.CLOSED: "ปิดการประเมินแล้ว",
    AssessmentState.EXEMPTED: "ยกเว้นการประเมินในรอบนี้",
}
PLAN_STATES = {
    PlanState.DRAFT: "ร่าง",
    PlanState.SUBMITTED: "เสนอผู้บังคับบัญชาแล้ว",
    PlanState.RETURNED: "ส่งคืนให้แก้ไข",
    PlanState.SECOND_LEVEL_CHECK: "อยู่ระหว่างการพิจารณา",
    PlanState.HR_CHECK: "อยู่ระหว่างการตรวจสอบ",
    PlanState.APPROVED: "อนุมัติแล้ว",
    PlanState.IN_PROGRESS: "อยู่ระหว่างดำเนินการ",
    PlanState.IN_EVALUATION: "รอประเมินผล",
    PlanState.EVALUATED: "ประเมินผลแล้ว",
    PlanState.CANCELLED: "ยกเลิก",
    PlanState.AMENDING: "อยู่ระหว่างปรับปรุง",
}
ITEM_RESULTS = {
    PlanItemState.ACHIEVED: "สำเร็จ",
    PlanItemState.NEARLY_ACHIEVED: "เกือบสำเร็จ",
    PlanItemState.NOT_ACHIEVED: "ไม่สำเร็จ",
    PlanItemState.CANCELLED: "ยกเลิก",
    PlanItemState.CARRIED_OVER: "ยกไปปีถัดไป",
}
"""Only what was evaluated has a result."""

METHOD_GROUPS = {
    MethodGroup.EXPERIENCE: "เรียนรู้จากประสบการณ์",
    MethodGroup.SOCIAL: "เรียนรู้จากผู้อื่น",
    MethodGroup.FORMAL: "เรียนรู้ในหลักสูตร",
}
METHODS = {
    DevelopmentMethod.ON_THE_JOB: "เรียนรู้จากการปฏิบัติงาน",
    DevelopmentMethod.ASSIGNMENT: "การมอบหมายงาน",
    DevelopmentMethod.PROJECT: "โครงการพัฒนางาน",
    DevelopmentMethod.ROTATION: "การหมุนเวียนงาน",
    DevelopmentMethod.ACTING_ROLE: "การรักษาราชการแทน/ทดลองปฏิบัติหน้าที่",
    DevelopmentMethod.IMPROVEMENT: "การปรับปรุงงาน",
    DevelopmentMethod.COACHING: "การสอนงาน",
    DevelopmentMethod.MENTORING: "พี่เลี้ยง",
    DevelopmentMethod.FEEDBACK: "การให้ข้อมูลป้อนกลับ",
    DevelopmentMethod.SHADOWING: "ติดตามผู้มีประสบการณ์",
    DevelopmentMethod.KNOWLEDGE_SHARING: "แลกเปลี่ยนเรียนรู้",
    DevelopmentMethod.COUNSELLING: "การให้คำปรึกษา",
    DevelopmentMethod.TRAINING: "ฝึกอบรม",
    DevelopmentMethod.WORKSHOP: "ประชุมเชิงปฏิบัติการ",
    DevelopmentMethod.ELEARNING: "e-Learning",
    DevelopmentMethod.SELF_STUDY: "ศึกษาด้วยตนเอง",
    DevelopmentMethod.STUDY_VISIT: "ศึกษาดูงาน",
    DevelopmentMethod.CERTIFICATE: "ประกาศนียบัตร/รับรองสมรรถนะ",
}
FILE_NAMES = {
    ReportKind.ASSESSMENT_FORM: "แบบประเมิน",
    ReportKind.PLAN_FORM: "แผนพัฒนารายบุคคล",
    ReportKind.UNIT_FORMS: "แบบฟอร์มทั้งหน่วยงาน",
    ReportKind.BLANK_FORM: "แบบประเมินเปล่า",
    ReportKind.WHOLE_RECORD: "สำเนาเรื่องทั้งหมด",
}
