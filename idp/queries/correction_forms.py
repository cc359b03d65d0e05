"""What the printed form says of corrections."""

from sqlalchemy.orm import Session

from idp.models import Assessment
from idp.queries import form_words as words
from idp.queries.calculation_lines import calculation_lines
from idp.queries.correction_pages import corrections_on_page
from idp.rules.forms import CorrectedLine, CorrectionOnForm


def corrections_on_form(session: Session, assessment: Assessment) -> tuple[CorrectionOnForm, ...]:
    """What successful objections made of the result; three statements at most."""
    before = assessment
    return tuple(
        CorrectionOnForm(
            decision_number=each.decision_number,
            decided_on=each.decided_on,
            lines=tuple(
                CorrectedLine(item.name_th, item.before, item.after, item.reason) for item in each.items
            ),
            scores=(
                (words.RESULTS_PART, before.results_score, each.results_score),
                (words.COMPETENCY_PART, before.competency_score, each.competency_score),
                (words.TOTAL, before.total_score, each.total_score),
            ),
            band_before=words.BANDS.get(before.band or "", before.band or ""),
            band_after=words.BANDS.get(each.band or "", each.band or ""),
            explanation=calculation_lines(each.score_explanation),
        )
        for each in corrections_on_page(session, assessment.id)
    )
