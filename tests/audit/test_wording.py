"""The event log speaks in words: none of what the code records is shown as a code."""

import ast
from collections.abc import Iterator

import pytest
from django.utils.translation import override

from applications.domain.lifecycle import TRANSITIONS
from applications.enums import ConsentAnswer, MoveReason, SigningRole, Status
from applications.events import CONSENT_ANSWERED, MOVED
from hubportal.accounts.enums import Role
from hubportal.audit.domain.collecting import declared_acts
from hubportal.audit.domain.wording import act_in_words, facts_in_words, subject_in_words
from hubportal.audit.events import Act
from hubportal.audit.models import AuditEvent
from tests.architecture.sources import PORTAL_MODULES, Module

# The room in which acts are declared, and the one that says what an act is.
_DECLARES = "/events.py"
_RECORDS = "hubportal/audit/domain/events.py"
# An act, and what an app makes of it for several of its own.
_MAKING = ("Act", "_judging", "_steering")


def calls(module: Module, *names: str) -> Iterator[ast.Call]:
    """Yield the calls of some functions in a module."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in names:
            yield node


def recorded() -> Iterator[str]:
    """Yield the name, in the code, of every act that is recorded."""
    for module in PORTAL_MODULES:
        for call in calls(module, "record", "record_all"):
            yield ast.unparse(call.args[0]).partition("[")[0]


def declared() -> Iterator[str]:
    """Yield the name, in the code, of every act that is declared."""
    for module in PORTAL_MODULES:
        if module.name.endswith(_DECLARES) and module.name != _RECORDS:
            for node in module.tree.body:
                if isinstance(node, ast.Assign):
                    yield from (ast.unparse(each) for each in node.targets if ast.unparse(each).isupper())


def test_every_act_that_is_declared_is_recorded_and_no_other() -> None:
    assert {each for each in declared() if not each.startswith("_")} == set(recorded())


def test_acts_are_declared_in_the_events_of_an_app_alone() -> None:
    found = {module.name for module in PORTAL_MODULES if any(calls(module, *_MAKING))}
    assert {each for each in found if not each.endswith(_DECLARES)} == set()
    assert "applications/events.py" in found


def test_every_act_has_a_name_of_its_own_that_stays_as_it_is_kept() -> None:
    names = [
        "accounts.made_way", "accounts.name_changed", "accounts.role_granted", "accounts.role_revoked",
        "accounts.second_factor_added", "accounts.second_factor_removed", "applications.advised",
        "applications.attachment_added",
        "applications.attachment_removed", "applications.attachment_scanned", "applications.collaborator_changed", "applications.collaborator_declined",
        "applications.collaborator_ended", "applications.collaborator_invited", "applications.collaborator_joined",
        "applications.comment_answered", "applications.comment_changed",
        "applications.comment_deleted", "applications.comment_reopened", "applications.comment_resolved",
        "applications.commented", "applications.consent_asked", "applications.consent_copied",
        "applications.consent_declined", "applications.consent_given",
        "applications.consent_question_answered", "applications.consent_question_asked",
        "applications.copy_asked", "applications.copy_made", "applications.copy_sent_again", "applications.deadline_reminded",
        "applications.declaration_signed", "applications.draft", "applications.granted",
        "applications.handover_asked", "applications.handover_settled",
        "applications.infected_file_refused", "applications.invitation_opened", "applications.lead_moved",
        "applications.lead_offer_settled", "applications.lead_offered", "applications.nudged",
        "applications.reinstated", "applications.rejected", "applications.request_opened",
        "applications.round_sealed", "applications.sealed", "applications.signature_asked", "applications.signature_copied",
        "applications.signing_extended", "applications.started", "applications.submitted",
        "applications.task_added", "applications.task_changed", "applications.task_done",
        "applications.task_removed", "applications.task_reopened", "applications.version_put_back",
        "applications.withdrawn",
        "call_questions.answered_alone", "call_questions.asked", "call_questions.changed", "call_questions.published",
        "call_questions.taken_back", "calls.call_set_up", "calls.form_made", "calls.round_settled", "coalitions.contact_changed", "coalitions.hidden",
        "coalitions.lead_corrected", "coalitions.partner_added", "coalitions.partner_removed", "coalitions.renamed", "coalitions.shown",
        "coalitions.started", "completions.asked", "completions.file_added", "completions.file_removed", "completions.lapsed",
        "completions.reminded", "completions.sent", "correspondence.closed", "correspondence.delivered", "correspondence.opened",
        "correspondence.taken_back", "correspondence.written", "decisions.bank_account_accepted", "decisions.bank_account_given",
        "decisions.bank_account_sent_back", "decisions.recorded", "decisions.sent_back", "decisions.withdrawn",
        "documents.stored", "documents.superseded", "imports.taken", "imports.undone", "letters.bounced", "letters.by_post_asked",
        "letters.copy_put_aside", "letters.copy_sent_anew", "letters.correction_recorded",
        "letters.correction_withdrawn", "letters.dated_anew", "letters.made", "letters.opened", "letters.post_asked",
        "letters.posted", "letters.printed", "letters.released", "letters.send_anew_asked", "letters.sent",
        "letters.sent_anew", "letters.text_put_in_force", "mail.settled", "mapping.agreed",
        "mapping.agreement_asked", "mapping.agreement_reminded", "mapping.agreement_taken_back",
        "mapping.agreement_withdrawn", "mapping.bin_emptied", "mapping.came_on_map",
        "mapping.correction_answered", "mapping.correction_asked", "mapping.correction_disowned", "mapping.declined",
        "mapping.engagement_written", "mapping.merged",
        "mapping.organisation_changed", "mapping.organisation_published", "mapping.organisation_unpublished",
        "mapping.published_as_agreed", "mapping.put_back", "mapping.question_hidden", "mapping.question_shown", "mapping.question_written", "mapping.recommended", "mapping.region_assigned", "mapping.region_withdrawn",
        "mapping.removed_from_map", "mapping.taken_to_map", "mapping.tied", "mapping.unmerged", "mapping.untied",
        "matching.found_ended", "matching.found_said", "matching.help_asked", "matching.help_ended", "matching.partner_proposed", "matching.proposal_taken_back",
        "organisations.added", "organisations.claimed", "organisations.confirmed", "organisations.corrected",
        "organisations.disputed", "organisations.ended", "people.added", "people.asked", "people.changed",
        "people.consented", "people.engaged", "people.erased", "people.reminded", "people.talk_removed", "people.talked",
        "pictures.asked", "pictures.made", "pictures.published", "pictures.text_put_back", "pictures.text_written", "pictures.withdrawn",
        "regions.outlines_drawn",
        "residents.confirmed", "residents.contact_hidden", "residents.contact_shown", "residents.erased", "residents.settled",
        "retention.approved", "retention.declared", "retention.reported", "retention.row_done", "retention.taken_back",
        "reviews.advice_withdrawn", "reviews.affiliation_ended", "reviews.affiliation_noted", "reviews.assigned",
        "reviews.assignment_ended", "reviews.assignment_given", "reviews.completed", "reviews.interest_declared",
        "reviews.interest_put_aside", "reviews.measure_recorded", "reviews.review_withdrawn",
        "reviews.withdrawal_answered", "reviews.withdrawal_asked", "sweeps.retried",
        "takeovers.asked", "takeovers.settled", "takeovers.undone", "takeovers.warned", "website.followed",
        "website.following_ended", "website.news_told",
    ]  # fmt: skip
    assert sorted(declared_acts()) == names
    assert sum(len(list(calls(module, *_MAKING))) for module in PORTAL_MODULES) == len(names)


def test_every_move_and_every_answer_has_an_act() -> None:
    assert set(MOVED) == {end for ends in TRANSITIONS.values() for end in ends}
    assert {each.name for each in MOVED.values()} == {f"applications.{each.value}" for each in MOVED}
    assert set(CONSENT_ANSWERED) == set(ConsentAnswer)


@pytest.mark.parametrize("act", declared_acts().values(), ids=lambda act: act.name)
def test_every_act_says_what_was_done_and_how_its_facts_are_called(act: Act) -> None:
    assert str(act_in_words(act.name)) == str(act.words) != act.name
    assert [each.name for each in act.facts if not (each.label or act.is_judging)] == []


def test_an_app_judges_with_all_its_acts_or_with_none() -> None:
    judging = {each.namespace for each in declared_acts().values() if each.is_judging}
    assert judging == {"reviews", "decisions", "letters"}
    assert judging.isdisjoint(each.namespace for each in declared_acts().values() if not each.is_judging)


@pytest.mark.parametrize(
    ("act", "facts", "shown"),
    [
        (
            "applications.sealed",
            {"from": Status.SUBMITTED, "to": Status.SEALED, "why": MoveReason.DEADLINE},
            {
                "status before": Status.SUBMITTED.label,
                "status now": Status.SEALED.label,
                "reason": MoveReason.DEADLINE.label,
            },
        ),
        # Rule 26: the letter tells which of the two it was.
        ("applications.granted", {"from": Status.ADVISED, "to": Status.GRANTED}, {}),
        ("applications.rejected", {"from": Status.ADVISED, "to": Status.REJECTED}, {}),
        (
            "applications.submitted",
            {"from": Status.DRAFT, "to": Status.SUBMITTED, "why": ""},
            {"status before": Status.DRAFT.label, "status now": Status.SUBMITTED.label},
        ),
        ("accounts.role_granted", {"role": Role.OFFICER}, {"role": Role.OFFICER.label}),
        (
            "applications.declaration_signed",
            {"role": SigningRole.MAIN_APPLICANT},
            {"role": SigningRole.MAIN_APPLICANT.label},
        ),
        ("applications.round_sealed", {"members": 1}, {"applications": "1"}),
        ("mail.settled", {"send_again": True}, {"sent again": "yes"}),
        ("documents.stored", {"sha256": "ab" * 32}, {"digital fingerprint": "abababababab…"}),
        ("mapping.organisation_changed", {"fields": ["name", "sort_name"]}, {"changed": "name"}),
        ("mapping.organisation_changed", {"fields": [], "new": "as it is"}, {"new": "as it is"}),
        ("decisions.recorded", {"outcome": "granted"}, {}),
        ("reviews.gone_from_the_code", {"score": 5}, {}),
    ],
)
def test_facts_read_as_labels_and_words(act: str, facts: dict[str, object], shown: dict[str, object]) -> None:
    event = AuditEvent(act=act, subject_type="organisations.organisation", subject_id=7, facts=facts)
    with override("en"):
        found = {str(label): str(value) for label, value in facts_in_words(event).items()}
        assert found == {label: str(value) for label, value in shown.items()}
        assert subject_in_words(event) == "organisation 7"


def test_an_event_of_what_is_gone_from_the_code_is_shown_as_it_was_written() -> None:
    facts = {"fields": ["name"], "role": "jester"}
    event = AuditEvent(act="gone.done", subject_type="gone.thing", subject_id=7, facts=facts)
    assert (act_in_words("gone.done"), subject_in_words(event)) == ("gone.done", "gone.thing 7")
    assert facts_in_words(event) == facts
