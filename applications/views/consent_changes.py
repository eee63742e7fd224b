"""What changed since a partner answered, for who writes the draft that changed (rules 9, 22 and 26)."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.domain.consent_states import ConsentState, consent_states
from applications.domain.snapshot import snapshot_of
from applications.models import Application
from applications.queries.collaborators import joined_before
from applications.views.access import room_page
from applications.views.agreed_since import differences_since
from applications.views.steps import draft_response
from hubportal.middleware import SignedInRequest


@require_safe
@room_page
def consent_changes(
    request: SignedInRequest, application: Application, participation_id: int
) -> HttpResponse:
    """Show who reads a draft what a partner agreed to against what stands there now.

    The words only to who writes, and so finds earlier versions anyway, and to who read along when the partner answered: of
    what was taken out before they came they see which parts it was in (rule 26).
    """
    snapshot = snapshot_of(application, people=application.people)
    partner = get_object_or_404(application.coalition.participations, pk=participation_id, is_lead=False)
    [state] = [each for each in consent_states(snapshot) if each.participation.pk == partner.pk]
    answer = state.answer
    return draft_response(
        request,
        "applications/consent_changes.html",
        snapshot,
        "partners" if application.is_led else "coalition",  # type: ignore[attr-defined]
        has_begun=False,
        partner=state.participation,
        answer=answer,
        is_stale=state.is_stale,
        is_by_other=state.is_by_other,
        is_kept=answer is not None and answer.agreed_text is not None,
        changed=differences_since(snapshot, state, share_label=_("Its share of the budget")),
        reads_words=_reads_words(request, application, state),
    )


def _reads_words(request: SignedInRequest, application: Application, state: ConsentState) -> bool:
    if application.is_written or state.answer is None:  # type: ignore[attr-defined]
        return True
    return joined_before(application, request.user, state.answer.answered_at)
