"""What an amended plan changes in the approved one."""

from typing import Any

from idp.rules.plan_differences import FIELDS, DifferenceKind, differences


def line(number: int, **values: Any) -> dict[str, Any]:
    plain: dict[str, Any] = dict.fromkeys(FIELDS, "")
    return plain | {"id": number, "title": f"เรื่องที่ {number}", "cost_baht": "0", "state": "planned"} | values


def test_equal_plans_do_not_differ_whatever_zeros_are_written() -> None:
    assert differences([line(1)], [line(1, cost_baht="0.00", state="in_progress")]) == ()


def test_changed_removed_and_added_lines_are_told_apart() -> None:
    approved = [line(1), line(2), line(3)]
    amended = [line(1, measure="ตรวจงาน", hours=6), line(3, state="cancelled"), line(4)]
    found = differences(approved, amended)
    assert [(each.kind, each.line_id) for each in found] == [
        (DifferenceKind.CHANGED, 1),
        (DifferenceKind.REMOVED, 2),
        (DifferenceKind.REMOVED, 3),
        (DifferenceKind.ADDED, 4),
    ]
    assert [(field.name, field.before, field.after) for field in found[0].fields] == [
        ("hours", "", 6),
        ("measure", "", "ตรวจงาน"),
    ]


def test_a_line_struck_out_before_and_put_back_is_added() -> None:
    assert differences([line(1, state="cancelled")], [line(1)])[0].kind is DifferenceKind.ADDED
    assert differences([line(1, state="cancelled")], [line(1, state="cancelled")]) == ()
