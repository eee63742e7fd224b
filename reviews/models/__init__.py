"""The rows of the reviews app."""

from reviews.models.affiliation import Affiliation
from reviews.models.assignment import Assignment
from reviews.models.committee_advice import CommitteeAdvice
from reviews.models.interest_declaration import InterestDeclaration
from reviews.models.review import Review, Score
from reviews.models.review_result import ReviewResult

__all__ = [
    "Affiliation",
    "Assignment",
    "CommitteeAdvice",
    "InterestDeclaration",
    "Review",
    "ReviewResult",
    "Score",
]
