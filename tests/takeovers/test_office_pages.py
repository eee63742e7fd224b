"""The pages on which officers weigh and decide who gets a draft (rules 14, 26 and 41)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from organisations.domain.representing import end_representation
from takeovers.domain.asking import Proof
from takeovers.models import Takeover
from tests.factories.accounts import log_in, person
from tests.factories.documents import letter_pdf
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, RepresentativeFactory, office, pending_for
from tests.factories.taking_over import DECIDE_AT, PROOF, claim_by, claimant, granted, warned
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db
LIST, INDEX = reverse("admin:takeovers"), reverse("admin:index")


def address(page: str, takeover: Takeover) -> str:
    return reverse(f"admin:{page}", args=[takeover.pk])


def figures(client: Client) -> list[int]:
    panels = client.get(INDEX).context["panels"]
    return [each.number for panel in panels if str(panel.title) == "Dossiers" for each in panel.figures]


def test_an_officer_weighs_and_gives_it_once_the_wait_is_over(client: Client, case) -> None:
    newcomer = claimant(case)
    takeover = warned(case, newcomer, proof=Proof(PROOF, "Brief", letter_pdf()))
    log_in(client, office())
    with at_moment(AT):
        shown = page_text(client.get(address("takeover", takeover)))
        assert (PROOF in shown, case.reference in shown, "als de wachttijd voorbij is" in shown) == (
            True,
        ) * 3
        assert case.title not in shown
        assert client.get(address("takeover_proof", takeover)).content[:5] == b"%PDF-"
        assert figures(client) == [0]
        assert client.get(address("grant_takeover", takeover)).status_code == 302
    with at_moment(DECIDE_AT):
        assert figures(client) == [1]
        page = client.get(address("grant_takeover", takeover))
        sent = {"seen": page.context["form"]["seen"].value()}
        empty = client.post(address("grant_takeover", takeover), sent)
        assert (empty.status_code, list(empty.context["form"].errors)) == (422, ["reason"])
        done = client.post(address("grant_takeover", takeover), {**sent, "reason": "Gebeld"}, follow=True)
        assert "Uw beslissing is vastgelegd" in page_text(done)
        assert "Terugdraaien" in page_text(done)
        assert figures(client) == [0]
        assert newcomer.full_name in page_text(client.get(f"{LIST}?staat=afgehandeld"))
        undone = client.post(address("undo_takeover", takeover), {"reason": "Vergissing"}, follow=True)
    assert "Vergissing" in page_text(undone)
    takeover.refresh_from_db()
    assert (takeover.undone_by, takeover.is_in_force) == (office(), False)


def test_who_asked_another_is_shown_before_it_is_refused(client: Client, case) -> None:
    takeover = warned(case, claimant(case))
    log_in(client, office())
    with at_moment(DECIDE_AT):
        seen = client.get(address("refuse_takeover", takeover)).context["form"]["seen"].value()
        warned(case, claimant(case, full_name="Tweede Vrager (fictief)"))
        typed = {"seen": seen, "reason": "Onbekend", "answer": ""}
        again = client.post(address("refuse_takeover", takeover), typed)
        assert (again.status_code, "Tweede Vrager (fictief)" in page_text(again)) == (422, True)
        assert "Onbekend" in again.content.decode()
        typed["seen"] = again.context["form"]["seen"].value()
        assert "Geweigerd" in page_text(
            client.post(address("refuse_takeover", takeover), typed, follow=True)
        ).replace("geweigerd", "Geweigerd")


def test_what_speaks_against_it_is_shown(client: Client, case) -> None:
    """An ex-colleague, a partner, and an address elsewhere."""
    leaving = claimant(case)
    end_representation(
        representative_id=claim_by(leaving).pk, reason="Vertrok boos (fictief)", actor=office(), at=AT
    )
    RepresentativeFactory.create(
        organisation=case.lead, user=leaving, proof="", proved_by=None, proved_at=None
    )
    RepresentativeFactory.create(organisation=case.partners[0].organisation, user=leaving)
    takeover = warned(case, leaving)
    log_in(client, office())
    with at_moment(DECIDE_AT):
        shown = page_text(client.get(address("takeover", takeover)))
        assert "Vertrok boos (fictief)" in shown
        assert "spreekt namens een partner" in shown
        assert "Geef het dossier" not in shown
        page = client.get(address("grant_takeover", takeover))
        typed = {"seen": page.context["form"]["seen"].value(), "reason": "Toch"}
        assert client.post(address("grant_takeover", takeover), typed).status_code == 422


def test_without_a_draft_there_is_nothing_to_give(client: Client, case) -> None:
    takeover = warned(case, pending_for(OrganisationFactory.create()))
    log_in(client, office())
    with at_moment(DECIDE_AT):
        shown = page_text(client.get(address("takeover", takeover)))
    assert ("heeft geen concept" in shown, "Geef het dossier" in shown, "Weigeren" in shown) == (
        True,
        False,
        True,
    )


def test_an_officer_with_an_interest_and_everybody_else_finds_nothing(client: Client, case) -> None:
    """Rule 14: neither in the list, nor in a number."""
    takeover = warned(case, claimant(case))
    tied = person(Role.OFFICER)
    RepresentativeFactory.create(organisation=case.partners[0].organisation, user=tied)
    log_in(client, tied)
    with at_moment(DECIDE_AT):
        assert (figures(client), takeover.asked_by.full_name in page_text(client.get(LIST))) == ([0], False)
        for page in ("takeover", "takeover_proof", "grant_takeover", "refuse_takeover", "undo_takeover"):
            assert client.get(address(page, takeover)).status_code == 404
        for role in (Role.CHAIR, Role.RELEASER, Role.ADMINISTRATOR, Role.REVIEWER):
            log_in(client, person(role))
            assert client.get(LIST).status_code == 404


def test_who_waits_is_not_confirmed_elsewhere_and_led_here(client: Client, case) -> None:
    newcomer: User = claimant(case)
    claim = claim_by(newcomer)
    warned(case, newcomer)
    log_in(client, office())
    confirm = reverse("admin:confirm_representative", args=[claim.pk])
    assert (client.get(confirm).status_code, client.post(confirm).status_code) == (404, 404)
    found = client.get(reverse("admin:representatives"), {"zoek": newcomer.full_name})
    assert "beslis daar" in page_text(found)


def test_once_they_worked_with_it_the_office_ends_it_elsewhere(client: Client, case) -> None:
    newcomer = claimant(case)
    takeover = granted(warned(case, newcomer))
    case.people.saved_by, case.people.saved_at = newcomer, DECIDE_AT.replace(hour=23)
    case.people.save()
    log_in(client, office())
    with at_moment(DECIDE_AT):
        shown = page_text(client.get(address("takeover", takeover)))
    assert "Beëindig dan dat deze persoon de organisatie vertegenwoordigt" in shown


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_many_rows(
    client: Client, case, count: int, django_assert_num_queries: Any
) -> None:
    for _each in range(count):
        warned(case, claimant(case))
    log_in(client, office())
    with django_assert_num_queries(22):
        client.get(LIST)
