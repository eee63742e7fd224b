"""Who declares, reviews, advises, and settles interests."""

from django.utils.translation import gettext_lazy as _

from applications.permissions import NOT_OPEN, opened_to
from hubportal.accounts.permissions import CHAIRS, OFFICERS, Permission
from reviews.advice_queries import is_reviewed_by, withdrawal_requests_answerable_by
from reviews.interest_queries import endable_by, interests_measurable_by, people_noted_by
from reviews.queries import declarable_by, reviewable_by

may_declare = Permission(declarable_by, _("You do not assess this application."))
may_review = Permission(reviewable_by, NOT_OPEN)
may_advise = opened_to(CHAIRS)
may_answer_withdrawal = Permission(
    withdrawal_requests_answerable_by,
    _(
        "The chair or the deputy answers this, before the advice is adopted, and never about their own review."
    ),
)
may_place_reviewers = Permission(
    lambda person: opened_to(OFFICERS).rows(person).filter(~is_reviewed_by(person)), NOT_OPEN
)
may_measure = Permission(
    interests_measurable_by,
    _(
        "The chair records measures; if the chair also has an interest, or there is no chair, the deputy chair does."
    ),
)
# The rows are people: whose positions somebody may note.
may_note_positions = Permission(people_noted_by, _("You can only record your own positions."))
may_end_position = Permission(
    endable_by, _("Other people's positions can only be ended by an administrator.")
)
