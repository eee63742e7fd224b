"""Pages on which a letter is corrected: draft, check, release by somebody else, take back (rules 19, 22 and 30)."""

import html
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from decisions.domain.correcting import words_of
from hubportal.accounts.enums import Role
from letters.models import Correction, CorrectionDraft, Letter
from letters.queries import current
from tests.breaking import force
from tests.decided_world import send
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.scenarios import committee, open_to, produced
from tests.pages import page_text

pytestmark = pytest.mark.django_db


def told() -> Any:
    """Return an application whose letter was sent."""
    case = produced()
    send(case.decision.letter)
    return case


def at(name: str, case: Any) -> str:
    """Return the address of a page about the letter on an application."""
    return reverse(f"admin:{name}", args=[case.reference])


def write(client: Client, case: Any, *, button: str = "check", **changes: str) -> Any:
    """Fill in the draft and press a button."""
    draft = CorrectionDraft.objects.first()
    words = {**vars(words_of(case.decision, current(case.decision.letter)))}
    values = {**words, "explanation": "De naam klopte niet.", **changes}
    version = draft.version if draft else 0
    return client.post(at("correct_letter", case), {**values, "seen_version": str(version), button: "1"})


def press(client: Client, address: str) -> Any:
    """Open a page that shows what will be fixed, and press its button."""
    shown = client.get(address).context
    seen = shown["draft"].version if "draft" in shown else shown["correction"].pk
    return client.post(address, {"seen": str(seen), "letter": shown["fingerprint"]})


def recorded(client: Client, case: Any, **changes: str) -> Correction:
    """Write and record a correction as the officer."""
    log_in(client, committee().officer)
    assert write(client, case, **changes).headers["Location"] == at("check_correction", case)
    assert press(client, at("check_correction", case)).headers["Location"] == at("letter", case)
    return Correction.objects.latest("pk")


def test_enter_saves_a_draft_and_records_nothing(client: Client) -> None:
    """Rule 30: the first button of the form is the one that Enter presses."""
    case = told()
    log_in(client, committee().officer)
    page = client.get(at("correct_letter", case)).content.decode()
    assert page.index('name="save"') < page.index('name="check"')
    answer = write(client, case, button="save", explanation="")
    assert (answer.status_code, answer.headers["Location"]) == (302, at("correct_letter", case))
    assert (CorrectionDraft.objects.get().explanation, Correction.objects.count()) == ("", 0)


def test_what_lacks_is_said_at_its_field_and_what_was_typed_stays(client: Client) -> None:
    case = told()
    log_in(client, committee().officer)
    answer = write(client, case, explanation=" ", attention="mevrouw A. Anders")
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["explanation"]
    assert "mevrouw A. Anders" in answer.content.decode()
    assert CorrectionDraft.objects.get().attention == "mevrouw A. Anders"


def test_the_check_page_shows_the_new_letter_and_what_stays(client: Client) -> None:
    case = told()
    log_in(client, committee().officer)
    write(client, case, attention="mevrouw A. Anders")
    page = client.get(at("check_correction", case)).content.decode()
    words = [
        "Deze brief vervangt onze brief van 13 juni 2024 met hetzelfde kenmerk.",
        "Geachte mevrouw A. Anders,",
        "De naam klopte niet.",
        "[datum van verzending]",
        "Het besluit: verleend, ten hoogste €\u00a048.000,00.",
        "Zoals in de brief die is verzonden",
    ]
    assert [each for each in words if each not in page] == []
    assert not Correction.objects.exists()


def test_what_changed_since_it_was_shown_is_not_recorded_and_not_released(client: Client) -> None:
    case = told()
    log_in(client, committee().officer)
    write(client, case)
    shown = client.get(at("check_correction", case)).context
    write(client, case, attention="mevrouw A. Anders")
    answer = client.post(
        at("check_correction", case), {"seen": str(shown["draft"].version), "letter": shown["fingerprint"]}
    )
    assert answer.headers["Location"] == at("check_correction", case)
    assert not Correction.objects.exists()

    assert press(client, at("check_correction", case)).headers["Location"] == at("letter", case)
    log_in(client, committee().releaser)
    read = client.get(at("correction", case)).context
    case.call.mandated.update(name="Een ander")
    for letter in (read["fingerprint"], ""):
        sent = {"seen": str(read["correction"].pk), "letter": letter}
        assert client.post(at("correction", case), sent).headers["Location"] == at("correction", case)
    assert not Letter.objects.filter(supersedes__isnull=False).exists()


def test_somebody_else_reads_and_releases_it_and_the_chain_shows_both(client: Client) -> None:
    case = told()
    recorded(client, case)
    page = client.get(at("letter", case)).content.decode()
    assert at("correction", case) in page
    assert at("correct_letter", case) not in page
    waiting = client.get(at("correction", case))
    assert not waiting.context["may_release"]
    log_in(client, committee().releaser)
    assert at("correction", case) in client.get(reverse("admin:letters")).content.decode()
    assert press(client, at("correction", case)).headers["Location"] == at("letter", case)
    # Clicked twice.
    assert client.get(at("correction", case)).headers["Location"] == at("letter", case)
    old, new = Letter.objects.order_by("pk")
    assert new.supersedes == old
    shown = client.get(at("letter", case))
    assert [each["letter"] for each in shown.context["chain"]] == [old, new]
    assert (shown.context["letter"], shown.context["counts"]) == (new, old)
    assert "Verbeterde brief" in shown.content.decode()
    first = client.get(at("letter", case), {"brief": "1"})
    assert first.context["letter"] == old
    assert "Verbeterde brief" not in first.content.decode()
    assert client.get(at("letter", case), {"brief": "9"}).context["letter"] == new


def test_who_releases_reads_where_the_map_has_an_organisation_otherwise(client: Client) -> None:
    """Its name, form or seat may be another one than was stated: the letter says what was stated (rule 29)."""
    case = told()
    recorded(client, case)
    partner = case.partners[0]
    log_in(client, committee().releaser)
    for name in ("correction", "letter"):
        assert "Op de kaart" not in page_text(client.get(at(name, case)))
    force(partner.organisation, name="Heel anders op de kaart", sort_name="heel anders", mapped_at=AT)
    for name in ("correction", "letter"):
        told_so = page_text(client.get(at(name, case)))
        assert f"{partner.stated_name}: op de kaart als Heel anders op de kaart" in told_so


def test_it_is_taken_back_with_a_reason_and_goes_on_as_a_draft(client: Client) -> None:
    case = told()
    correction = recorded(client, case, attention="mevrouw A. Anders")
    address = at("take_back_correction", case)
    assert client.post(address, {"seen": str(correction.pk), "reason": " "}).status_code == 422
    answer = client.post(address, {"seen": str(correction.pk), "reason": "Nog niet goed."})
    assert answer.headers["Location"] == at("correct_letter", case)
    page = client.get(at("correct_letter", case)).content.decode()
    assert "Nog niet goed." in page
    assert 'value="mevrouw A. Anders"' in page
    # Another was recorded since: the reason was given for one that was shown before.
    again = recorded(client, case)
    assert client.post(address, {"seen": str(correction.pk), "reason": "Nee."}).headers["Location"] == address
    again.refresh_from_db()
    assert again.withdrawn_at is None


def test_a_releaser_sends_it_back(client: Client) -> None:
    case = told()
    correction = recorded(client, case)
    log_in(client, committee().releaser)
    address = at("take_back_correction", case)
    assert "De verbetering terugsturen?" in client.get(address).content.decode()
    answer = client.post(address, {"seen": str(correction.pk), "reason": "De naam is nog fout."})
    assert answer.headers["Location"] == at("letter", case)
    assert "De naam is nog fout." in client.get(at("letter", case)).content.decode()


@pytest.mark.parametrize("name", ["correct_letter", "check_correction", "correction", "take_back_correction"])
def test_only_who_may_read_the_application_comes_here(client: Client, name: str) -> None:
    """Rule 22."""
    case = told()
    recorded(client, case)
    for user in (person(Role.OFFICER), person(Role.RELEASER), committee().chair, case.applicant):
        log_in(client, user)
        assert client.get(at(name, case)).status_code == 404


def test_before_the_letter_was_sent_there_is_nothing_to_correct(client: Client) -> None:
    case = produced()
    log_in(client, committee().officer)
    for name in ("correct_letter", "check_correction", "correction", "take_back_correction"):
        assert client.get(at(name, case)).headers["Location"] == at("letter", case)
    assert write(client, case).status_code == 422
    other = person(Role.OFFICER)
    open_to(case, other)
    assert not CorrectionDraft.objects.exists()


def test_who_releases_is_told_loudly_that_the_letter_names_another_organisation(client: Client) -> None:
    """A decision is about who applied (rule 19), also after several corrections that each seem small."""
    case = told()
    told_at_all = "De brief noemt een andere organisatie dan de aanvrager"
    recorded(client, case, attention="Mevrouw Goed")
    log_in(client, committee().releaser)
    assert told_at_all not in client.get(at("correction", case)).content.decode()
    log_in(client, committee().officer)
    client.post(
        at("take_back_correction", case), {"reason": "Anders.", "seen": str(Correction.objects.get().pk)}
    )
    write(client, case, addressee="Stichting Iemand Anders")
    assert told_at_all in client.get(at("check_correction", case)).content.decode()
    press(client, at("check_correction", case))
    log_in(client, committee().releaser)
    shown = client.get(at("correction", case)).content.decode()
    assert told_at_all in shown
    assert f"{case.lead.name}, KVK-nummer {case.lead.kvk_number}" in html.unescape(shown)
