"""Sweeps of the calls app."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from calls.domain.empty_forms import forms_to_make, make_empty_form
from calls.letters.empty_form import empty_form
from hubportal.kernel import clock
from hubportal.sweeps.domain.sweeping import Sweep, run

MAKING = Sweep(
    name="calls.make_forms",
    words=_("Making empty forms of calls"),
    due=lambda _at: forms_to_make(),
    act=lambda form_id, at: make_empty_form(form_id=form_id, make=empty_form, at=at),
    waits_since="asked_at",
)


@shared_task(name=MAKING.name)
def make_empty_forms_task() -> None:
    """Make the empty forms that no longer tell what their call says."""
    run(MAKING, now=clock.now)
