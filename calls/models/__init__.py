"""The rows of the calls app."""

from calls.models.budget_heading import BudgetHeading
from calls.models.call import Call
from calls.models.condition import Condition
from calls.models.criterion import Criterion, CriterionStep
from calls.models.empty_form import EmptyForm
from calls.models.glossary_word import GlossaryWord
from calls.models.mandated_person import MandatedPerson
from calls.models.rejection_ground import RejectionGround
from calls.models.review_round import ReviewRound
from calls.models.section_spec import SectionSpec

__all__ = [
    "BudgetHeading",
    "Call",
    "Condition",
    "Criterion",
    "CriterionStep",
    "EmptyForm",
    "GlossaryWord",
    "MandatedPerson",
    "RejectionGround",
    "ReviewRound",
    "SectionSpec",
]
