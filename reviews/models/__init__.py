"""The rows of the reviews app."""

from reviews.models.advice_draft import AdviceDraft
from reviews.models.affiliation import Affiliation
from reviews.models.assignment import Assignment
from reviews.models.committee_advice import CommitteeAdvice
from reviews.models.covered_tie import CoveredTie
from reviews.models.interest_declaration import InterestDeclaration
from reviews.models.review import Review, Score
from reviews.models.review_result import ReviewResult
from reviews.models.withdrawal_request import WithdrawalRequest
from reviews.models.withdrawn import WithdrawnAdvice, WithdrawnReview

__all__ = [
    "AdviceDraft",
    "Affiliation",
    "Assignment",
    "CommitteeAdvice",
    "CoveredTie",
    "InterestDeclaration",
    "Review",
    "ReviewResult",
    "Score",
    "WithdrawalRequest",
    "WithdrawnAdvice",
    "WithdrawnReview",
]
