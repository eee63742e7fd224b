"""Every form meets a newer version in one way, for people and for scripts (rules 12 and 32)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hubportal.accounts.enums import Role
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.factories.scenarios import open_to
from tests.pages import at_moment, page_text
from tests.versions import written
from tests.versions.written import FORMS, WITHOUT_MERGING, Written

pytestmark = pytest.mark.django_db
BUTTONS = ("Mijn versie eroverheen opslaan", "Houden wat is opgeslagen")


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


@pytest.fixture(params=FORMS, ids=lambda make: make.__name__)
def form(request: Any) -> Written:
    return request.param()


def said(response: Any) -> dict[str, Any]:
    """Return what a script is told of a save; a section tells too who else is there."""
    return {name: value for name, value in response.json().items() if name != "others"}


def test_a_newer_version_is_shown_beside_what_was_typed_and_nothing_is_overwritten(form: Written) -> None:
    client = form.client()
    form.save(client, "Eerste", seen=form.first_version)
    response = form.save(client, "Tweede", seen=form.first_version)
    assert response.status_code == 409
    (difference,) = response.context["newer"].differences
    assert ("Eerste" in difference.kept, "Tweede" in difference.typed) == (True, True)
    shown = page_text(response)
    assert "Er is al een nieuwere versie opgeslagen" in shown
    assert "U hebt die zelf opgeslagen in een ander venster, op 1 mei 2024 om 10:00 uur." in shown
    assert [shown.count(each) for each in BUTTONS] == [2, 2]
    assert "Er klopt nog iets niet" not in shown
    assert form.kept() == "Eerste"


def test_who_saved_the_newer_version_is_named(form: Written) -> None:
    if form.name == "review":
        assert form.case.assignments.filter(reviewer=form.writer).count() == 1
        return
    colleagues = {"advice": Role.DEPUTY, "decision": Role.OFFICER, "correction": Role.OFFICER}
    if form.name in colleagues:
        colleague = person(colleagues[form.name])
        open_to(form.case, colleague)
    else:
        colleague = speaker_for(form.case.lead)
    form.save(log_in(Client(), colleague), "Eerste", seen=form.first_version)
    shown = page_text(form.save(form.client(), "Tweede", seen=form.first_version))
    assert f"{colleague.full_name} heeft die opgeslagen op 1 mei 2024 om 10:00 uur." in shown


def test_the_button_that_saves_mine_overwrites_the_version_that_was_shown(form: Written) -> None:
    client = form.client()
    form.save(client, "Eerste", seen=form.first_version)
    page = form.save(client, "Tweede", seen=form.first_version).content.decode()
    (over,) = set(re.findall(r'name="over_version"\s+value="(\d+)"', page))
    chosen = form.save(client, "Tweede", seen=form.first_version, over_version=over)
    assert (chosen.status_code, chosen.url) == (302, form.address)
    assert form.kept() == "Tweede"


def test_a_version_that_came_after_the_one_that_was_shown_is_shown_again(form: Written) -> None:
    client = form.client()
    form.save(client, "Eerste", seen=form.first_version)
    over = form.save(client, "Tweede", seen=form.first_version).context["newer"].kept.version
    form.save(client, "Derde", seen=over)
    assert form.save(client, "Tweede", seen=form.first_version, over_version=over).status_code == 409
    assert form.kept() == "Derde"


def test_both_texts_are_put_in_one_that_is_saved_by_its_button_alone(form: Written) -> None:
    client = form.client()
    form.save(client, "Eerste", seen=form.first_version)
    newer = form.save(client, "Tweede", seen=form.first_version)
    offered = re.findall(r'name="together_with"\s+value="(\d+)"', newer.content.decode())
    if form.name in WITHOUT_MERGING:
        assert offered == []
        return
    [version] = set(offered)
    shown = form.save(client, "Tweede", seen=form.first_version, together_with=version)
    assert (shown.status_code, shown.context["newer"], form.kept()) == (200, None, "Eerste")
    assert "Eerste\nTweede</textarea>" in shown.content.decode()
    assert f'name="seen_version" value="{version}"' in shown.content.decode()
    assert "Er is nog niets opgeslagen" in page_text(shown)
    assert form.save(client, "Eerste\nTweede", seen=int(version)).status_code == 302
    assert form.kept() == "Eerste\nTweede"


def test_a_version_that_came_since_is_shown_before_both_are_put_in_one(form: Written) -> None:
    client = form.client()
    form.save(client, "Eerste", seen=form.first_version)
    version = form.save(client, "Tweede", seen=form.first_version).context["newer"].kept.version
    form.save(client, "Derde", seen=version)
    answer = form.save(client, "Tweede", seen=form.first_version, together_with=version)
    assert (answer.status_code, form.kept()) == (409, "Derde")


def test_enter_on_the_page_with_both_versions_overwrites_nothing(form: Written) -> None:
    client = form.client()
    form.save(client, "Eerste", seen=form.first_version)
    page = form.save(client, "Tweede", seen=form.first_version).content.decode()
    buttons = re.findall(r'<button[^>]*type="submit"[^>]*name="(\w+)"', page)
    # The first button that belongs to the form is what Enter presses.
    assert next(each for each in buttons if each in {"stay", "save", "over_version"}) == "stay"
    assert f'name="seen_version" value="{form.first_version}"' in page
    assert form.save(client, "Tweede", seen=form.first_version, stay="1").status_code == 409
    assert form.kept() == "Eerste"


def test_the_same_content_again_is_saved_already_whatever_version_was_seen(form: Written) -> None:
    client = form.client()
    form.save(client, "Eerste", seen=form.first_version)
    assert form.save(client, "Eerste", seen=form.first_version).status_code == 302
    again = form.save(client, "Eerste", seen=99, script=True)
    assert (again.status_code, said(again)) == (
        200,
        {"version": form.first_version + 1, "message": "Opgeslagen om 10:00"},
    )


def test_a_script_saves_and_is_told_the_version_and_when(form: Written) -> None:
    client = form.client()
    first = form.save(client, "Eerste", seen=form.first_version, script=True)
    second = form.save(client, "Tweede", seen=first.json()["version"], script=True)
    assert [each.status_code for each in (first, second)] == [200, 200]
    assert said(second) == {"version": form.first_version + 2, "message": "Opgeslagen om 10:00"}
    assert form.kept() == "Tweede"


def test_a_script_is_told_of_a_newer_version(form: Written) -> None:
    client = form.client()
    form.save(client, "Eerste", seen=form.first_version)
    response = form.save(client, "Tweede", seen=form.first_version, script=True)
    sentence = (
        "Niet opgeslagen: iemand heeft een nieuwere versie opgeslagen. "
        "Sla nog een keer op om beide te vergelijken."
    )
    assert (response.status_code, said(response)) == (409, {"message": sentence})
    assert form.kept() == "Eerste"


def test_a_script_is_told_what_is_wrong_and_where(form: Written) -> None:
    wrong = {
        "particulars": ({"duration_months": "7"}, "Duur in hele maanden: Een project duurt"),
        "people": ({"signatory_email": "geen"}, "Bestuurlijk verantwoordelijke: E-mailadres: "),
        "section": ({"seen_version": "x"}, "Voer een geheel getal in."),
        "budget": ({"lines-0-amount": "veel"}, "1. Bedrag: "),
        "review": ({"remark": "a" * 4001}, "Algemene opmerking: "),
        "advice": ({"amount": "veel"}, "Geadviseerd bedrag: "),
        "decision": ({"amount": "veel"}, "Verleend bedrag: "),
        "correction": ({"explanation": "a" * 2001}, "Wat er wordt verbeterd: "),
    }
    typed, sentence = wrong[form.name]
    response = form.save(form.client(), "Eerste", seen=form.first_version, script=True, **typed)
    assert (response.status_code, list(said(response))) == (422, ["message"])
    assert response.json()["message"].startswith("Niet opgeslagen: ")
    assert sentence in response.json()["message"]
    assert form.kept() == ""


def test_a_script_of_somebody_who_is_logged_out_is_told(form: Written) -> None:
    response = form.save(Client(), "Eerste", seen=form.first_version, script=True)
    assert (response.status_code, response.json()) == (401, {"message": "U bent uitgelogd."})
    assert form.kept() == ""


def test_a_script_without_the_second_factor_is_told_to_log_in() -> None:
    form = written.review()
    client = log_in(Client(), form.writer, second_factor=False)
    assert form.save(client, "Eerste", seen=0, script=True).status_code == 401
    assert form.kept() == ""


def test_a_version_that_never_was_is_refused_where_nothing_was_saved_yet() -> None:
    for form in (written.section(), written.review()):
        response = form.save(form.client(), "Eerste", seen=7)
        assert (response.status_code, form.kept()) == (422, "")
        assert "heeft een nieuwere versie opgeslagen" in page_text(response)


def test_another_project_leader_is_no_conflict_with_another_title() -> None:
    form = written.particulars()
    client = form.client()
    leader = {"leader_name": "Anna", "seen_version": 1}
    assert client.post(reverse("applications:people", args=[form.case.reference]), leader).status_code == 302
    assert form.save(client, "Samen", seen=1).status_code == 302
    assert form.kept() == "Samen"


def test_a_complete_review_takes_nothing_from_a_script() -> None:
    form = written.review()
    client = form.client()
    criteria = form.case.call.criteria.all()
    whole = {f"score-{each.key}": "4" for each in criteria} | {
        f"reason-{each.key}": "Goed" for each in criteria
    }
    checked = form.save(client, "Goed", seen=0, complete="1", **whole)
    assert client.post(checked.url, {"seen": "1"}).url == form.address
    late = form.save(client, "Te laat", seen=1, script=True)
    assert (late.status_code, form.kept()) == (422, "Goed")


@pytest.mark.parametrize(
    ("make", "queries"),
    [
        (written.particulars, 7),
        (written.people, 14),
        (written.section, 8),
        (written.budget, 13),
        (written.review, 21),
    ],
)
def test_saving_while_somebody_types_takes_few_queries(
    make: Any, queries: int, django_assert_max_num_queries: Any
) -> None:
    form = make()
    client = form.client()
    first = form.save(client, "Eerste", seen=form.first_version, script=True)
    with django_assert_max_num_queries(queries):
        form.save(client, "Tweede", seen=first.json()["version"], script=True)
