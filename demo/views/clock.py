"""Moving the demo's clock."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from calls.models import ReviewRound
from calls.queries import rounds_ahead
from demo.domain.clock import restore_clock, set_clock
from hubportal.kernel import clock


@require_http_methods(["GET", "HEAD", "POST"])
def clock_page(request: HttpRequest) -> HttpResponse:
    """Show the demo's time; move it past the next deadline, or back to the present."""
    now = clock.now()
    upcoming = rounds_ahead(at=now).first()
    if request.method == "POST":
        _move(request, upcoming, now)
        return redirect("demo:clock")
    return render(request, "demo/clock.html", {"now": now, "upcoming": upcoming})


def _move(request: HttpRequest, upcoming: ReviewRound | None, now: datetime) -> None:
    choice = request.POST.get("to")
    if choice == "deadline" and upcoming is not None:
        set_clock(upcoming.deadline_at + timedelta(minutes=3))
        messages.success(
            request, _("It is now just after the deadline. The round will be sealed in a moment.")
        )
    elif choice == "week":
        set_clock(now + timedelta(days=7))
        messages.success(request, _("It is now a week later."))
    elif choice == "month":
        set_clock(now + timedelta(days=30))
        messages.success(request, _("It is now thirty days later."))
    else:
        restore_clock()
        messages.success(request, _("The demo is back in the present."))
