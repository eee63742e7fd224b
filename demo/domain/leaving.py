"""Playing that somebody leaves: a newcomer asks the office for the draft, and a lead offers its place to a partner."""

from datetime import datetime, timedelta

from applications.domain.consents import ask_consent
from applications.domain.offering_lead import offer_lead
from applications.models import Application
from coalitions.models import Coalition
from hubportal.accounts.models import User
from organisations.models import Representative
from takeovers.domain.asking import Proof, ask_for_dossier
from takeovers.domain.waiting import begin_wait
from takeovers.models import Takeover

_WORDS = (
    "Ik ben sinds dit jaar coördinator bij deze bedachte stichting. Onze collega die de aanvraag begon, werkt hier niet meer "
    "en antwoordt nergens op. U kunt onze voorzitter bellen op het nummer uit het register."
)


def ask_for_a_draft(
    application: Application, coalition: Coalition, holder: User, newcomer: User, *, at: datetime
) -> Takeover:
    """Let somebody who is not confirmed ask for a draft long enough ago that the office can decide about it now."""
    asked_at = at - timedelta(days=application.call.takeover_days, hours=1)
    for each in coalition.participations.filter(is_lead=False):
        ask_consent(application_id=application.pk, participation_id=each.pk, actor=holder, at=asked_at)
    claim = Representative.objects.get(user=newcomer, organisation=coalition.lead_organisation, ended_at=None)
    takeover = ask_for_dossier(
        representative_id=claim.pk, region=coalition.region, proof=Proof(_WORDS), actor=newcomer, at=asked_at
    )
    begin_wait(takeover_id=takeover.pk, at=asked_at)
    return takeover


def offer_the_lead(application: Application, coalition: Coalition, applicant: User, *, at: datetime) -> None:
    """Let the lead offer its first partner to lead in its place, so long ago that it can say yes now."""
    partner = coalition.participations.filter(is_lead=False).order_by("pk")[0]
    offer_lead(
        application_id=application.pk,
        participation_id=partner.pk,
        contact_id=applicant.pk,
        actor=applicant,
        at=at - timedelta(days=4),
    )
