"""The page on which somebody chooses which reminders to get."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.domain.deadline_reminders import choose_reminders
from applications.enums import ReminderKind
from applications.forms.reminding import RemindersForm
from applications.queries.deadlines import muted_by
from hubportal.middleware import SignedInRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: SignedInRequest) -> HttpResponse:
    """Choose which reminders of deadlines to get; all, until somebody chooses."""
    if request.method == "POST":
        form = RemindersForm(request.POST)
        if form.is_valid():
            choose_reminders(wanted=form.cleaned_data["wanted"], actor=request.user)
            messages.success(request, _("Your choice has been saved."))
            return redirect("applications:reminders")
    else:
        muted = muted_by(request.user)
        form = RemindersForm(initial={"wanted": [each for each in ReminderKind.values if each not in muted]})
    status = 422 if form.is_bound else 200
    return render(request, "applications/reminders.html", {"form": form}, status=status)
