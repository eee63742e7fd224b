"""Sweeps of the takeovers app."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from hubportal.kernel import clock
from hubportal.sweeps.domain.sweeping import Sweep, run
from takeovers.domain.waiting import begin_wait, tell_of_the_end
from takeovers.queries import takeovers_to_tell, takeovers_to_warn_of

WARNING = Sweep(
    name="takeovers.warn",
    words=_("Warning everybody with a role of a request for a dossier"),
    due=lambda at: takeovers_to_warn_of(at=at),
    act=lambda takeover_id, at: begin_wait(takeover_id=takeover_id, at=at),
    waits_since="asked_at",
)
TELLING = Sweep(
    name="takeovers.tell",
    words=_("Telling who asked for a dossier that they do not get it"),
    due=lambda at: takeovers_to_tell(at=at),
    act=lambda takeover_id, at: tell_of_the_end(takeover_id=takeover_id, at=at),
    waits_since="tell_from_at",
)


@shared_task(name=WARNING.name)
def warn_of_takeovers_task() -> None:
    """Warn everybody with a role of the requests for their draft."""
    run(WARNING, now=clock.now)


@shared_task(name=TELLING.name)
def tell_of_the_end_task() -> None:
    """Tell those who asked for a dossier that they do not get it, once their wait is over."""
    run(TELLING, now=clock.now)
