"""Following a region by e-mail, without an account."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.one_time import DeadLink, secret_digest
from hubportal.kernel.quotas import TooMuch
from hubportal.middleware import ReceivedRequest
from hubportal.secret_pages import secret_address
from hubportal.visitors import asks_too_often
from regions.queries import all_regions
from retention.enums import DataKind
from retention.queries import period_of
from website.domain.following import ask_to_follow, check_can_follow, confirm_following, stop_following
from website.following_queries import DAYS_TO_CONFIRM, follower_to_confirm, follower_with, is_marked
from website.forms import FollowForm
from website.views.regions import crumbs

# Per network: a library or a school asks from one. All networks of one connection stay far below MOST_IN_A_DAY.
MOST_BY_ONE_NETWORK = 30
_DAY = 24 * 60 * 60


@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: ReceivedRequest, slug: str) -> HttpResponse:
    """Take an address, and mail it a link; the answer is the same whether it follows already or not."""
    region = get_object_or_404(all_regions(), slug=slug)
    form = FollowForm(request.POST if request.method == "POST" else None)
    context = {
        "region": region,
        "form": form,
        "crumbs": crumbs(),
        "days": DAYS_TO_CONFIRM,
        "period": period_of(DataKind.FOLLOWERS),
    }
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            _check_network(request)
            ask_to_follow(region=region, email=form.cleaned_data["email"], at=request.received_at)
        except RuleViolation as refusal:
            add_violation(form, refusal)
            status = 429 if isinstance(refusal, TooMuch) else 422
        else:
            context["email"] = form.cleaned_data["email"]
    context["is_too_much"] = status == 429
    response = render(request, "website/following/follow.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def _check_network(request: ReceivedRequest) -> None:
    """Raise ``TooMuch`` where more was asked from one network than it may in a day."""
    if asks_too_often(request, what="following", most=MOST_BY_ONE_NETWORK, seconds=_DAY):
        raise TooMuch(
            _("This was asked too often from your network today. Try again tomorrow, or follow by feed.")
        )


@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: ReceivedRequest, secret: str) -> HttpResponse:
    """Let somebody confirm that they want to follow a region; following the link changes nothing."""
    follower = follower_to_confirm(secret_digest(secret))
    try:
        if follower is None:
            raise DeadLink(_("We do not recognise this link. Ask for a new one on the page of the region."))
        check_can_follow(follower, at=request.received_at)
        if request.method == "POST":
            follower = confirm_following(follower_id=follower.pk, at=request.received_at)
    except RuleViolation as refusal:
        context = {"sentence": str(refusal)}
        return render(
            request, "website/following/dead.html", context, status=404 if follower is None else 410
        )
    return render(request, "website/following/confirm.html", {"follower": follower})


# Mail programs stop it by themselves with one POST (RFC 8058) that has no cookie; the signed address is the proof.
@csrf_exempt
@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: ReceivedRequest, key: UUID, mark: str) -> HttpResponse:
    """Let somebody stop following; following the link changes nothing, and a second click says the same."""
    if not is_marked(key, mark):
        raise Http404
    follower = follower_with(key)
    if request.method == "POST" and follower is not None:
        stop_following(follower_id=follower.pk, at=request.received_at)
        follower = None
    return render(request, "website/following/stop.html", {"follower": follower})
