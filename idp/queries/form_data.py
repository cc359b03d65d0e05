"""What the printed forms need, under the name by which the read side fills it.

The dataclasses stand in the rules, because the PDF adapter, which lies below the queries, prints them.
"""

from idp.rules.forms import (
    AssessmentForm,
    AssessmentFormLine,
    BandOnForm,
    DevelopmentNeed,
    DocumentIdentity,
    Opinion,
    PersonOnForm,
    PlanForm,
    PlanFormLine,
    Receipt,
    ReceiptState,
    ScorePart,
    Signature,
)

__all__ = [
    "AssessmentForm",
    "AssessmentFormLine",
    "BandOnForm",
    "DevelopmentNeed",
    "DocumentIdentity",
    "Opinion",
    "PersonOnForm",
    "PlanForm",
    "PlanFormLine",
    "Receipt",
    "ReceiptState",
    "ScorePart",
    "Signature",
]
