"""Why a proposed plan leaves something out, in words."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.rules.plan_proposal import LeftOut

GAPS: dict[LeftOut, LazyString] = {
    LeftOut.NO_ACTION: _("คลังกิจกรรมยังไม่มีกิจกรรมสำหรับระดับถัดไป เพิ่มรายการเองในแผนได้"),
    LeftOut.NOTHING_FITS: _("ไม่มีกิจกรรมใดอยู่ในเงื่อนไขที่กำหนด"),
    LeftOut.BEYOND_PRIORITIES: _("เกินจำนวนสมรรถนะที่กำหนดให้พัฒนาในแผน"),
    LeftOut.NO_HOURS_LEFT: _("ชั่วโมงที่เหลือจากสมรรถนะลำดับก่อนหน้าไม่พอ"),
    LeftOut.NO_BAHT_LEFT: _("งบประมาณที่เหลือจากสมรรถนะลำดับก่อนหน้าไม่พอ"),
    LeftOut.NO_ROOM: _("ชั่วโมงและงบประมาณที่เหลือจากสมรรถนะลำดับก่อนหน้าไม่พอพร้อมกัน"),
}
"""Why a gap is not served."""

ACTIONS: dict[LeftOut, LazyString] = {
    **{reason: text for reason, text in GAPS.items() if reason is not LeftOut.NO_ACTION},
    LeftOut.IN_PLAN: _("อยู่ในแผนแล้ว"),
    LeftOut.ANSWERED: _("เคยตอบว่าไม่เลือก พร้อมเหตุผล"),
    LeftOut.TOO_LONG: _("ใช้เวลานานกว่าจำนวนสัปดาห์ที่กำหนด"),
    LeftOut.TOO_MANY_HOURS: _("ใช้ชั่วโมงมากกว่าที่กำหนด เมื่อหักรายการที่อยู่ในแผนแล้ว"),
    LeftOut.TOO_DEAR: _("ใช้งบประมาณมากกว่าที่กำหนด เมื่อหักรายการที่อยู่ในแผนแล้ว"),
    LeftOut.NO_HOURS_LEFT: _("ชั่วโมงที่เหลือจากกิจกรรมที่เลือกไม่พอ"),
    LeftOut.NO_BAHT_LEFT: _("งบประมาณที่เหลือจากกิจกรรมที่เลือกไม่พอ"),
    LeftOut.NO_ROOM: _("ชั่วโมงและงบประมาณที่เหลือจากกิจกรรมที่เลือกไม่พอพร้อมกัน"),
    LeftOut.BEYOND_PRIORITIES: _("เป็นของสมรรถนะที่เกินจำนวนที่กำหนดให้พัฒนาในแผน"),
    LeftOut.ENOUGH: _("สมรรถนะนี้มีรายการในแผนครบตามจำนวนที่ระบบเสนอแล้ว"),
    LeftOut.NOTHING_NEW: _("พัฒนาพฤติกรรมซ้ำกับกิจกรรมที่เลือกหรือที่อยู่ในแผนแล้ว"),
    LeftOut.FEWER_INDICATORS: _("พัฒนาพฤติกรรมที่ยังไม่แสดงได้น้อยกว่ากิจกรรมที่เลือก"),
    LeftOut.WORSE_MIX: _("ทำให้สัดส่วนชั่วโมงห่างจาก 70:20:10 มากกว่ากิจกรรมที่เลือก"),
    LeftOut.DEARER: _("ได้ผลเท่ากับกิจกรรมที่เลือก แต่ใช้งบประมาณมากกว่า"),
    LeftOut.MORE_HOURS: _("ได้ผลเท่ากับกิจกรรมที่เลือก แต่ใช้ชั่วโมงมากกว่า"),
    LeftOut.NO_BETTER: _("ได้ผลเท่ากับกิจกรรมที่เลือกทุกด้าน จึงใช้ลำดับในคลังกิจกรรม"),
}
"""Why an action is not taken."""
