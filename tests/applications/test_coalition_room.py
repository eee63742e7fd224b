"""The coalition of a draft on one page, for everybody who reads it and without what they may not know (rule 26 and rule 37)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.consents import answer_by_account, answer_by_link, ask_consent
from applications.domain.content import reading_digest
from applications.domain.snapshot import snapshot_of
from applications.enums import CollaboratorRight, ConsentAnswer, LinkPurpose
from applications.models import Collaborator, OneTimeLink
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from organisations.models import Representative
from tests.applications.collaborating import invited, joined
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in
from tests.factories.calls import call_2024_spec, make_call
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, speaker_for
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
READ = CollaboratorRight.READ


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT + 2 * DAY):
        yield


@pytest.fixture
def case() -> Any:
    return scenarios.written()


def room(client: Client, case: Any, user: Any) -> Any:
    log_in(client, user)
    return client.get(reverse("applications:coalition", args=[case.reference]))


def ask(case: Any, number: int = 0, **values: Any) -> OneTimeLink:
    partner = case.partners[number]
    arguments = {"application_id": case.pk, "participation_id": partner.pk, "actor": case.applicant, "at": AT}
    return ask_consent(**{**arguments, **values})


class TestWhoTakesPart:
    def test_the_page_names_each_organisation_with_its_share_and_each_person_with_their_right(
        self, client: Client, case
    ) -> None:
        joined(case, name="Hanna Hulp")
        joined(case, name="Piet Partner", right=READ, participation_id=case.partners[0].pk)
        shown = room(client, case, case.applicant)
        lead, partner = shown.context["members"][:2]
        assert (lead.place.is_lead, [each.name for each in lead.people]) == (True, [case.applicant.full_name])
        assert [(each.name, each.right) for each in partner.people] == [("Piet Partner", "leest")]
        assert [(each.name, each.right) for each in shown.context["helpers"]] == [
            ("Hanna Hulp", "schrijft mee als helper, zonder stem")
        ]
        assert sum(each.share for each in shown.context["members"]) == case.requested_amount

    def test_streams_are_those_that_visitors_read(self, client: Client, case) -> None:
        """Rule 26: the map may know them before it is public."""
        organisation = case.partners[0].organisation
        organisation.streams = ["client"] if "client" in _streams() else [_streams()[0]]
        organisation.save()
        assert room(client, case, case.applicant).context["members"][1].streams == []
        organisation.published_at = AT
        organisation.save()
        assert len(room(client, case, case.applicant).context["members"][1].streams) == 1

    def test_who_speaks_for_the_lead_is_named_to_who_does_and_otherwise_only_who_invited(
        self, client: Client, case
    ) -> None:
        """Rule 26: whose account is one of the lead is not for who writes along, nor for who is not proved."""
        other = speaker_for(case.lead)
        helper = joined(case)
        names = [each.name for each in room(client, case, other).context["members"][0].people]
        assert sorted(names) == sorted([case.applicant.full_name, other.full_name])
        names = [each.name for each in room(client, case, helper).context["members"][0].people]
        assert names == [case.applicant.full_name]

    def test_who_began_it_and_was_ended_is_not_said_to_write(self, client: Client, case) -> None:
        colleague = speaker_for(case.lead)
        Representative.objects.filter(user=case.applicant).update(ended_at=AT, ended_by=colleague)
        shown = room(client, case, colleague)
        people = shown.context["members"][0].people
        assert [each.name for each in people] == [colleague.full_name]

    def test_readiness_is_told_in_words(self, client: Client, case) -> None:
        shown = room(client, case, case.applicant)
        progress = shown.context["progress"]
        assert 0 < progress.parts_ready < progress.parts
        assert f"Klaar: {progress.parts_ready} van de {progress.parts} onderdelen" in page_text(shown)
        # The same for who sees fewer pages.
        other = room(client, case, joined(case, right=READ)).context["progress"]
        assert (other.parts, other.parts_ready) == (progress.parts, progress.parts_ready)


class TestWhatBecameOfIt:
    def test_a_request_that_was_mailed_opened_and_declined(self, client: Client, case) -> None:
        partner = case.partners[0]
        ask(case)
        member = room(client, case, case.applicant).context["members"][1]
        assert (member.label, member.told) == ("Gevraagd, nog geen antwoord", ["Onze e-mail is onderweg."])
        OutgoingMail.objects.filter(kind="consent_request").update(status=MailStatus.SENT, sent_at=AT)
        secret = scenarios.mailed_secret(partner.contact_email)
        page = reverse("applications:consent", args=[secret])
        assert Client().head(page).status_code == 200
        assert OneTimeLink.objects.get().opened_at is None
        assert "ziet dat deze pagina is geopend" in page_text(Client().get(page))
        first = OneTimeLink.objects.get().opened_at
        Client().get(page)
        assert OneTimeLink.objects.get().opened_at == first is not None
        told = room(client, case, case.applicant).context["members"][1].told
        assert [each.split(" op ")[0] for each in told] == [
            "De mailserver nam onze e-mail aan",
            "De pagina is geopend",
        ]
        link = scenarios.mailed_link(partner.contact_email, LinkPurpose.CONSENT)
        answer_by_link(
            link=link,
            answer=ConsentAnswer.DECLINED,
            reason="Te weinig tijd",
            given_by_name="Pia",
            seen_digest=reading_digest(snapshot_of(case)),
            signed_in_as=None,
            at=AT + DAY,
        )
        shown = room(client, case, case.applicant)
        assert "Te weinig tijd" in page_text(shown)
        assert shown.context["members"][1].label == "Stemt niet in"

    def test_a_mail_that_came_back_says_so_with_its_cause(self, client: Client, case) -> None:
        invited(case, "weg@elders.example")
        OutgoingMail.objects.filter(kind="collaborator_invited").update(
            status=MailStatus.BOUNCED, bounced_at=AT + DAY, problem="5.1.1 unknown"
        )
        [helper] = room(client, case, case.applicant).context["helpers"]
        assert "kwam terug" in helper.told[1]
        assert "bestaat niet" in helper.told[1]

    def test_an_invitation_that_was_opened_or_taken_back(self, client: Client, case) -> None:
        user = UserFactory.create(email="hulp@elders.example")
        row = invited(case, user.email)
        log_in(client, user)
        client.get(reverse("applications:invitation", args=[row.key]))
        row.refresh_from_db()
        assert row.opened_at is not None
        [helper] = room(client, case, case.applicant).context["helpers"]
        assert "De uitnodiging is geopend op" in helper.told[-1]
        page = reverse("applications:end_collaboration", args=[case.reference, row.key])
        answer = client.post(page, {"from": "coalition"})
        assert answer.url == reverse("applications:coalition", args=[case.reference])
        assert room(client, case, case.applicant).context["helpers"][0].label == "Uitnodiging ingetrokken"

    def test_an_invitation_is_sent_again_once_however_often_one_clicks(self, client: Client, case) -> None:
        row = invited(case)
        log_in(client, case.applicant)
        for _click in range(2):
            client.post(reverse("applications:invite_again", args=[case.reference, row.key]))
        assert OutgoingMail.objects.filter(kind="collaborator_invited").count() == 2
        Collaborator.objects.update(state="declined", answered_at=AT)
        page = reverse("applications:invite_again", args=[case.reference, row.key])
        assert client.post(page).status_code == 404


class TestWhatIsLeftOut:
    def test_who_writes_along_learns_neither_addresses_mails_openings_nor_reasons(
        self, client: Client, case
    ) -> None:
        """Rule 26: which mailboxes exist, and what a partner said to the lead alone."""
        ask(case)
        partner = case.partners[0]
        OutgoingMail.objects.filter(kind="consent_request").update(
            status=MailStatus.BOUNCED, bounced_at=AT + DAY, problem="5.1.1 unknown"
        )
        OneTimeLink.objects.update(opened_at=AT)
        helper = joined(case)
        shown = room(client, case, helper)
        member = shown.context["members"][1]
        assert (member.asked, member.told, member.label) == (None, [], "Gevraagd, nog geen antwoord")
        assert shown.context["reminding"] is None
        text = page_text(shown)
        assert partner.contact_email not in text
        assert "kwam terug" not in text
        answer_by_account(
            application_id=case.pk,
            participation_id=partner.pk,
            answer=ConsentAnswer.DECLINED,
            reason="Te weinig tijd",
            seen_digest=reading_digest(snapshot_of(case)),
            actor=speaker_for(partner.organisation),
            at=AT + DAY,
        )
        text = page_text(room(client, case, helper))
        assert ("Stemt niet in" in text, "Te weinig tijd" in text) == (True, False)

    def test_who_only_reads_is_not_told_who_wrote(self, client: Client, case) -> None:
        reader, writer = joined(case, right=READ), joined(case)
        said = [each.name for each in room(client, case, writer).context["happened"]]
        assert case.applicant.full_name in said
        changed = [
            each.name
            for each in room(client, case, reader).context["happened"]
            if "is gewijzigd" in each.what or "begroting" in each.what
        ]
        assert changed == [""] * len(changed) != []

    def test_who_is_not_proved_gets_no_button_and_no_mail_state(self, client: Client, case) -> None:
        pending = UserFactory.create()
        RepresentativeFactory.create(
            user=pending, organisation=case.lead, proof="", proved_by=None, proved_at=None
        )
        assert room(client, case, pending).status_code == 404
        assert client.post(reverse("applications:remind", args=[case.reference])).status_code == 404

    def test_what_was_submitted_leads_to_its_status(self, client: Client) -> None:
        submitted = scenarios.submitted()
        answer = room(client, submitted, submitted.applicant)
        assert answer.url == reverse("applications:status", args=[submitted.reference])


def _streams() -> list[str]:
    from organisations.streams import Stream

    return list(Stream.values)


@pytest.mark.parametrize("count", [1, 3, 30])
@pytest.mark.parametrize("is_lead", [True, False])
def test_the_room_takes_the_same_queries_however_many(
    client: Client, django_assert_num_queries: Any, count: int, is_lead: bool
) -> None:
    spec = call_2024_spec()
    spec["sections"] = spec["sections"][: min(count, 3)]
    call = make_call(spec=spec, slug="oproep", reference_prefix="EEN")
    case = scenarios.written(call=call, partners=count)
    reader = joined(case)
    for number in range(count):
        ask(case, number)
        partner = case.partners[number].organisation
        partner.published_at = AT
        partner.save()
    for number in range(min(count, 19)):
        invited(case, f"hulp-{number}@elders.example")
    log_in(client, case.applicant if is_lead else reader)
    with django_assert_num_queries(15 if is_lead else 14):
        shown = client.get(reverse("applications:coalition", args=[case.reference]))
    assert len(shown.context["members"]) == count + 1
