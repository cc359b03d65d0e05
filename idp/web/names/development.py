"""Names of what is assessed and how people develop."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.rules.terms import (
    CompetencyCategory,
    CrosswalkRelation,
    DevelopmentMethod,
    EffectOf,
    EmployeeOpinion,
    EvidenceKind,
    Half,
    MethodGroup,
    PassRuleKind,
    RaterKind,
    SecondOpinion,
    Standing,
    SuggestionRule,
    SuggestionState,
)

NAMES: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    CompetencyCategory: {
        CompetencyCategory.CORE: _("สมรรถนะหลัก"),
        CompetencyCategory.FUNCTIONAL: _("สมรรถนะประจำสายงาน"),
    },
    RaterKind: {RaterKind.SELF: _("ตนเอง"), RaterKind.SUPERVISOR: _("ผู้ประเมิน")},
    SecondOpinion: {
        SecondOpinion.AGREES: _("เห็นด้วยกับผลการประเมิน"),
        SecondOpinion.DIFFERS: _("มีความเห็นแตกต่าง"),
    },
    EmployeeOpinion: {
        EmployeeOpinion.AGREES: _("เห็นด้วยกับผลการประเมิน"),
        EmployeeOpinion.DISAGREES: _("ไม่เห็นด้วยกับผลการประเมิน"),
    },
    PassRuleKind: {
        PassRuleKind.ALL: _("แสดงพฤติกรรมครบทุกข้อ"),
        PassRuleKind.MORE_THAN_HALF: _("แสดงพฤติกรรมเกินกึ่งหนึ่ง"),
        PassRuleKind.PERCENTAGE: _("แสดงพฤติกรรมไม่น้อยกว่าร้อยละที่กำหนด"),
    },
    MethodGroup: {
        MethodGroup.EXPERIENCE: _("เรียนรู้จากประสบการณ์"),
        MethodGroup.SOCIAL: _("เรียนรู้จากผู้อื่น"),
        MethodGroup.FORMAL: _("เรียนรู้ในหลักสูตร"),
    },
    DevelopmentMethod: {
        DevelopmentMethod.ON_THE_JOB: _("เรียนรู้จากการปฏิบัติงาน"),
        DevelopmentMethod.ASSIGNMENT: _("การมอบหมายงาน"),
        DevelopmentMethod.PROJECT: _("โครงการพัฒนางาน"),
        DevelopmentMethod.ROTATION: _("การหมุนเวียนงาน"),
        DevelopmentMethod.ACTING_ROLE: _("การรักษาราชการแทนหรือทดลองปฏิบัติหน้าที่"),
        DevelopmentMethod.IMPROVEMENT: _("การปรับปรุงงาน"),
        DevelopmentMethod.COACHING: _("การสอนงาน"),
        DevelopmentMethod.MENTORING: _("พี่เลี้ยง"),
        DevelopmentMethod.FEEDBACK: _("การให้ข้อมูลป้อนกลับ"),
        DevelopmentMethod.SHADOWING: _("การติดตามผู้มีประสบการณ์"),
        DevelopmentMethod.KNOWLEDGE_SHARING: _("การแลกเปลี่ยนเรียนรู้"),
        DevelopmentMethod.COUNSELLING: _("การให้คำปรึกษา"),
        DevelopmentMethod.TRAINING: _("การฝึกอบรม"),
        DevelopmentMethod.WORKSHOP: _("การประชุมเชิงปฏิบัติการ"),
        DevelopmentMethod.ELEARNING: _("การเรียนรู้ผ่านสื่ออิเล็กทรอนิกส์ (e-Learning)"),
        DevelopmentMethod.SELF_STUDY: _("การศึกษาด้วยตนเอง"),
        DevelopmentMethod.STUDY_VISIT: _("การศึกษาดูงาน"),
        DevelopmentMethod.CERTIFICATE: _("ประกาศนียบัตรหรือการรับรองสมรรถนะ"),
    },
    Standing: {
        Standing.GAP: _("ต่ำกว่าที่คาดหวัง"),
        Standing.MET: _("เป็นไปตามที่คาดหวัง"),
        Standing.STRENGTH: _("สูงกว่าที่คาดหวัง"),
        Standing.UNRATED: _("ยังไม่ได้ประเมิน"),
    },
    SuggestionRule: {
        SuggestionRule.NEXT_LEVEL: _("เพื่อผ่านระดับถัดไป"),
        SuggestionRule.FULL_PATH: _("เพื่อไปถึงระดับที่คาดหวัง"),
    },
    SuggestionState: {
        SuggestionState.PROPOSED: _("รอพิจารณา"),
        SuggestionState.ACCEPTED: _("เลือกใช้"),
        SuggestionState.REJECTED: _("ไม่เลือกใช้"),
    },
    EvidenceKind: {EvidenceKind.FILE: _("ไฟล์"), EvidenceKind.LINK: _("ลิงก์")},
    Half: {Half.FIRST: _("ครึ่งปีแรก"), Half.SECOND: _("ครึ่งปีหลัง")},
    EffectOf: {EffectOf.ACTION: _("กิจกรรมพัฒนา"), EffectOf.METHOD: _("วิธีการพัฒนา")},
    CrosswalkRelation: {
        CrosswalkRelation.EQUIVALENT: _("เทียบเท่ากัน"),
        CrosswalkRelation.BROADER: _("กว้างกว่า"),
        CrosswalkRelation.NARROWER: _("แคบกว่า"),
        CrosswalkRelation.RELATED: _("เกี่ยวข้องกัน"),
    },
}
