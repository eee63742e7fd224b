"""The rows of the reviews app."""

from reviews.models.advice_draft import AdviceDraft
from reviews.models.affiliation import Affiliation
from reviews.models.assignment import Assignment
from reviews.models.committee_advice import CommitteeAdvice
from reviews.models.interest_declaration import InterestDeclaration
from reviews.models.review import Review, Score
from reviews.models.review_result import ReviewResult
from reviews.models.withdrawn import WithdrawnAdvice, WithdrawnReview

__all__ = [
    "AdviceDraft",
    "Affiliation",
    "Assignment",
    "CommitteeAdvice",
    "InterestDeclaration",
    "Review",
    "ReviewResult",
    "Score",
    "WithdrawnAdvice",
    "WithdrawnReview",
]
