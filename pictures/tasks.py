"""Sweeps of the pictures app."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from hubportal.kernel import clock
from hubportal.sweeps.domain.sweeping import Sweep, run
from pictures.domain.regional_pictures import make_regional_picture
from pictures.regional_queries import pictures_to_make
from pictures.views.regional_pdf import regional_pdf

MAKING = Sweep(
    name="pictures.make_regional",
    words=_("Making regional pictures"),
    due=lambda _at: pictures_to_make(),
    act=lambda picture_id, at: make_regional_picture(picture_id=picture_id, make=regional_pdf, at=at),
    waits_since="asked_at",
)


@shared_task(name=MAKING.name)
def make_regional_pictures_task() -> None:
    """Make the regional pictures that wait."""
    run(MAKING, now=clock.now)
