"""What pages show of the reviews before something binds: about anything else nothing is fixed (rule 30)."""

from applications.models import Application
from hubportal.accounts.models import User
from hubportal.kernel.canonical import canonical_bytes, digest
from reviews.advice_queries import advice_draft_on, taken_out_of, unanswered_requests_on
from reviews.domain.advice_drafts import as_typed
from reviews.domain.results import result_of
from reviews.models import WithdrawalRequest
from reviews.queries import valid_reviews
from reviews.ties import ties, uncovered


def digest_of_advice(application: Application, *, reader: User) -> str:
    """Return the digest of the draft, of what it rests on, and of the ties of who judged and of who adopts it."""
    draft = advice_draft_on(application).first()
    reviews = list(valid_reviews(application).select_related("assignment").order_by("pk"))
    people = {reader.pk, *(each.assignment.reviewer_id for each in reviews)}
    found = ties(Application.objects.filter(pk=application.pk), User.objects.filter(pk__in=people))
    shown = {
        "title": application.title,
        "requested": application.requested_amount,
        "draft": [draft.version, *vars(as_typed(draft)).values()] if draft else [],
        "result": list(vars(result_of(application)).values()),
        "reviews": [[each.pk, each.version, each.completed_at] for each in reviews],
        "out": list(taken_out_of(application).order_by("pk").values_list("pk", flat=True)),
        "asked": list(unanswered_requests_on(application).order_by("pk").values_list("pk", flat=True)),
        "ties": sorted([each.person, each.organisation, each.kind] for each in uncovered(found)),
    }
    return digest(canonical_bytes(shown))


def digest_of_request(request: WithdrawalRequest) -> str:
    """Return the digest of a request to take a review back, and of the reviews beside which it is answered."""
    application = request.review.assignment.application
    reviews = valid_reviews(application).order_by("pk")
    shown = {
        "request": request.pk,
        "reason": request.reason,
        "reviews": [[each.pk, each.version, each.completed_at] for each in reviews],
        "out": list(taken_out_of(application).order_by("pk").values_list("pk", flat=True)),
    }
    return digest(canonical_bytes(shown))
