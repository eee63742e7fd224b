"""What stands in the addresses that name something."""

from collections.abc import Callable
from typing import Any

from completions.models import CompletionFile
from letters.models import PrintedLetter
from tests.access.taken_over import takeover_in, word_of
from tests.access.world import World
from website.following_queries import mark_of

Arguments = dict[str, Any]


def _mapped(world: World) -> Arguments:
    return {"slug": world.draft.coalition.region.slug, "organisation_key": world.mapped.map_key}


def _participation(world: World) -> Arguments:
    return {"coalition_id": world.draft.coalition_id, "participation_id": world.draft.partners[0].pk}


def _partner(world: World) -> Arguments:
    return {"reference": world.draft.reference, "participation_id": world.draft.partners[0].pk}


def _goal(world: World) -> Arguments:
    section = world.draft.call.sections.filter(offers_questions=True)[0].key
    return {"reference": world.draft.reference, "key": section, "question_id": world.question.pk}


def _section_version(world: World) -> Arguments:
    return {"reference": world.draft.reference, "key": world.draft.call.sections.all()[0].key, "number": 2}


def _collaborator(world: World) -> Arguments:
    return {"reference": world.draft.reference, "collaborator_key": world.draft.collaborators.get().key}


def _consent_copy(world: World) -> Arguments:
    consent = world.produced.consents.get()
    return {
        "reference": world.produced.reference,
        "participation_id": consent.participation_id,
        "consent_id": consent.pk,
    }


def _question(world: World) -> Arguments:
    key = world.draft.consent_questions.get().key
    return {"reference": world.draft.reference, "question_key": key}


def _draft_copy(world: World) -> Arguments:
    return {"reference": world.draft.reference, "copy_key": world.draft.copies.get().key}


def _comment(world: World) -> Arguments:
    return {"reference": world.draft.reference, "comment_id": world.draft.comments.order_by("pk")[0].pk}


def _task(world: World) -> Arguments:
    return {"reference": world.draft.reference, "task_id": world.draft.tasks.get().pk}


def _lead_offer(world: World) -> Arguments:
    return {"offer_key": world.draft.coalition.lead_offers.get().key}


def _attachment(world: World) -> Arguments:
    return {"reference": world.draft.reference, "attachment_id": world.attachment.pk}


def _consent_attachment(world: World) -> Arguments:
    return {"secret": world.secrets["consent"], "attachment_id": world.attachment.pk}


def _takeover(world: World, state: str) -> dict[str, Any]:
    return {"reference": world.draft.reference, "pk": takeover_in(state).pk}


def _message(world: World, conversation: int, number: int) -> Arguments:
    """Return the address of what the first one asked, or of what each side wrote and was not delivered yet."""
    return {"reference": world.advised.reference, "number": conversation, "message_number": number}


def _added_file(case: Any) -> Arguments:
    """Return the address of the file with the first point."""
    added = CompletionFile.objects.get(point__request__application=case)
    return {"reference": case.reference, "number": 1, "sha256": added.sha256}


def _call_answer(world: World) -> Arguments:
    return {"key": world.draft.call.public_answers.get(number=1).key}


def _claimed(world: World) -> dict[str, Any]:
    return {"representative_id": world.claimed.pk}


def _claimed_in_region(world: World) -> dict[str, Any]:
    return {"slug": world.draft.coalition.region.slug, "representative_id": world.newcomer.pk}


def _import(world: World) -> Arguments:
    return {"slug": world.draft.coalition.region.slug, "key": world.open_import.key}


def _picture(world: World) -> Arguments:
    return {"slug": world.draft.coalition.region.slug, "kind": "netwerk"}


def _regional(world: World) -> Arguments:
    return {"slug": world.draft.coalition.region.slug, "key": world.regional_picture.key}


def _person(world: World) -> Arguments:
    return {"slug": world.draft.coalition.region.slug, "person_id": world.agreed_person.pk}


def _asked_person(world: World) -> Arguments:
    return {"slug": world.draft.coalition.region.slug, "person_id": world.asked_person.pk}


def _cell(world: World) -> Arguments:
    return {**_mapped(world), "question_id": world.question.pk}


def _cell_of_person(world: World) -> Arguments:
    return {**_person(world), "question_id": world.question.pk}


def _resident_message(world: World) -> Arguments:
    return {"slug": world.draft.coalition.region.slug, "message_id": world.resident_message.pk}


def _talk(world: World) -> Arguments:
    return {**_person(world), "talk_id": world.person_talk.pk}


ARGUMENTS: dict[str, Callable[[World], Arguments]] = {
    "website:region": lambda world: {"slug": world.draft.coalition.region.slug},
    "website:region_feed": lambda world: {"slug": world.draft.coalition.region.slug},
    "website:follow": lambda world: {"slug": world.draft.coalition.region.slug},
    "website:confirm_following": lambda world: {"secret": world.secrets["follow_confirm"]},
    "website:stop_following": lambda world: {
        "key": world.follower.key,
        "mark": mark_of(world.follower.key),
    },
    "website:call_calendar": lambda world: {"slug": world.draft.call.slug},
    "website:can_apply": lambda world: {"slug": world.draft.call.slug},
    "website:write_ahead": lambda world: {"slug": world.draft.call.slug},
    "website:empty_form": lambda world: {"slug": world.draft.call.slug, "kind": "docx"},
    "website:call": lambda world: {"slug": world.draft.call.slug},
    "account_confirm_email": lambda world: {"key": "unknown"},
    "mfa_edit_webauthn": lambda world: {"pk": 1},
    "mfa_remove_webauthn": lambda world: {"pk": 1},
    "account_reset_password_from_key": lambda world: {"uidb36": "0", "key": "unknown"},
    "mapping:workspace": lambda world: {"slug": world.draft.coalition.region.slug},
    "mapping:add_organisation": lambda world: {"slug": world.draft.coalition.region.slug},
    "mapping:add_row": lambda world: {"slug": world.draft.coalition.region.slug},
    "mapping:organisation": _mapped,
    "mapping:doubles": lambda world: {"slug": world.draft.coalition.region.slug},
    "mapping:take": _mapped,
    "mapping:choose_merge": _mapped,
    "mapping:merge": lambda world: {**_mapped(world), "other_key": world.corrected_card.organisation.map_key},
    "mapping:undo_merge": lambda world: {**_mapped(world), "merge_id": 1},
    "mapping:undo": _mapped,
    "mapping:tie": _mapped,
    "mapping:end_tie": lambda world: {**_mapped(world), "tie_id": 1},
    "mapping:agreement": _mapped,
    "mapping:history": _mapped,
    "mapping:take_over": lambda world: {
        **_mapped(world),
        "organisation_key": world.corrected_card.organisation.map_key,
        "request_id": world.corrected_card.pk,
    },
    "mapping:take_back": lambda world: {**_mapped(world), "request_id": world.asked_card.pk},
    "mapping:corrections": lambda world: {"slug": world.draft.coalition.region.slug},
    "mapping:correction": lambda world: {
        "slug": world.draft.coalition.region.slug,
        "correction_id": world.asked_correction.pk,
    },
    "website:open_items": lambda world: {"slug": world.draft.coalition.region.slug},
    "website:hand_over": lambda world: {"slug": world.draft.coalition.region.slug},
    "website:cards:ask_correction": lambda world: {
        "slug": world.draft.coalition.region.slug,
        "key": world.asked_correction.organisation.map_key,
    },
    "website:cards:confirm_correction": lambda world: {"secret": world.secrets["correction"]},
    "admin:assign_region": lambda world: {"slug": world.draft.coalition.region.slug},
    "admin:card_correction": lambda world: {"pk": world.asked_correction.pk},
    "website:cards:answer": lambda world: {"secret": world.secrets["card_answer"]},
    "website:cards:confirm": lambda world: {"secret": world.secrets["card_answer"]},
    "website:cards:decline": lambda world: {"secret": world.secrets["card_answer"]},
    "website:cards:agreement": lambda world: {"secret": world.secrets["card_given"]},
    "mapping:bin": lambda world: {"slug": world.draft.coalition.region.slug},
    "mapping:remove": _mapped,
    "mapping:put_back": _mapped,
    "mapping:save_cell": _mapped,
    "mapping:publish": _mapped,
    "mapping:withdraw": _mapped,
    "mapping:questions": lambda world: {"slug": world.draft.coalition.region.slug},
    "mapping:add_question": lambda world: {"slug": world.draft.coalition.region.slug},
    "mapping:question": lambda world: {
        "slug": world.draft.coalition.region.slug,
        "question_id": world.question.pk,
    },
    "mapping:matrix": lambda world: {"slug": world.draft.coalition.region.slug},
    "mapping:engagement": _cell,
    "people:matrix": lambda world: {"slug": world.draft.coalition.region.slug},
    "people:engagement": _cell_of_person,
    "imports:imports": lambda world: {"slug": world.draft.coalition.region.slug},
    "imports:import": _import,
    "imports:columns": _import,
    "imports:rows": _import,
    "imports:all_rows": _import,
    "imports:words": _import,
    "imports:discard": _import,
    "imports:take": _import,
    "imports:undo": lambda world: {**_import(world), "key": world.taken_import.key},
    "imports:export_text": lambda world: {"slug": world.draft.coalition.region.slug},
    "imports:export_workbook": lambda world: {"slug": world.draft.coalition.region.slug},
    "pictures:pictures": lambda world: {"slug": world.draft.coalition.region.slug},
    "pictures:picture": _picture,
    "pictures:file": lambda world: {**_picture(world), "form": "csv"},
    "pictures:regional": lambda world: {"slug": world.draft.coalition.region.slug},
    "pictures:earlier_texts": lambda world: {"slug": world.draft.coalition.region.slug},
    "pictures:earlier_text": lambda world: {"slug": world.draft.coalition.region.slug, "version": 1},
    "pictures:ask_regional": lambda world: {"slug": world.draft.coalition.region.slug},
    "pictures:regional_pdf": _regional,
    "pictures:publish_regional": _regional,
    "pictures:withdraw_regional": _regional,
    "pictures:public_regional": lambda world: {"slug": world.draft.coalition.region.slug},
    "pictures:public_regional_pdf": lambda world: {"slug": world.draft.coalition.region.slug},
    "pictures:embed": _picture,
    "pictures:embed_file": lambda world: {**_picture(world), "form": "csv"},
    "people:people": lambda world: {"slug": world.draft.coalition.region.slug},
    "people:add_person": lambda world: {"slug": world.draft.coalition.region.slug},
    "people:person": _person,
    "people:change_person": _person,
    "people:ask": _asked_person,
    "people:record_consent": _person,
    "people:erase": _person,
    "people:add_talk": _person,
    "people:talk": _talk,
    "people:follow_up": _talk,
    "people:remove_talk": _talk,
    "people:answer": lambda world: {"secret": world.secrets["person_answer"]},
    "people:prolong": lambda world: {"secret": world.secrets["person_prolong"]},
    "people:kept": lambda world: {"secret": world.secrets["person_kept"]},
    "people:receipt": lambda world: {"code": world.secrets["person_receipt"]},
    "residents:take_part": lambda world: {"slug": world.draft.coalition.region.slug},
    "residents:question": lambda world: {"slug": world.draft.coalition.region.slug},
    "residents:organisation": lambda world: {"slug": world.draft.coalition.region.slug},
    "residents:letter": lambda world: {"slug": world.draft.coalition.region.slug},
    "residents:messages": lambda world: {"slug": world.draft.coalition.region.slug},
    "residents:contact": lambda world: {"slug": world.draft.coalition.region.slug},
    "residents:hide_contact": lambda world: {"slug": world.draft.coalition.region.slug},
    "residents:message": _resident_message,
    "residents:take_over": _resident_message,
    "residents:confirm": lambda world: {"secret": world.secrets["resident_confirm"]},
    "residents:kept": lambda world: {"secret": world.secrets["resident_kept"]},
    "coalitions:detail": lambda world: {"coalition_id": world.draft.coalition_id},
    "coalitions:rename": lambda world: {"coalition_id": world.draft.coalition_id},
    "coalitions:show": lambda world: {"coalition_id": world.draft.coalition_id},
    "coalitions:add_partner": lambda world: {"coalition_id": world.draft.coalition_id},
    "coalitions:change_contact": _participation,
    "coalitions:remove_partner": _participation,
    "matching:partners": lambda world: {"coalition_id": world.draft.coalition_id},
    "matching:invite": lambda world: {
        "coalition_id": world.draft.coalition_id,
        "organisation_key": world.asked_correction.organisation.map_key,
    },
    "matching:ask_help": lambda world: {"coalition_id": world.draft.coalition_id},
    "matching:end_help": lambda world: {"coalition_id": world.draft.coalition_id},
    "matching:found": lambda world: {"organisation_id": world.asked_correction.organisation_id},
    "matching:found_on": lambda world: {
        "organisation_id": world.asked_correction.organisation_id,
        "question_id": world.question.pk,
    },
    "matching:helped": lambda world: {"slug": world.draft.coalition.region.slug},
    "matching:propose": lambda world: {"slug": world.draft.coalition.region.slug},
    "matching:take_back": lambda world: {
        "slug": world.draft.coalition.region.slug,
        "proposal_id": world.proposal.pk,
    },
    "admin:retry": lambda world: {"pk": world.postponed.pk},
    "admin:more_time_to_sign": lambda world: {"reference": world.sealed.reference},
    "applications:consent": lambda world: {"secret": world.secrets["consent"]},
    "applications:consent_attachment": _consent_attachment,
    "applications:signature_copy_again": lambda world: {"secret": world.secrets["sign"]},
    "applications:consent_copy_again": lambda world: {"secret": world.secrets["consent"]},
    "applications:signature_copy": lambda world: {
        "reference": world.produced.reference,
        "role": "main_applicant",
    },
    "applications:sign": lambda world: {"secret": world.secrets["sign"]},
    "applications:start": lambda world: {"coalition_id": world.draft.coalition_id},
    "applications:calendar": lambda world: {"reference": world.draft.reference},
    "applications:overview": lambda world: {"reference": world.draft.reference},
    "applications:particulars": lambda world: {"reference": world.draft.reference},
    "applications:particulars_versions": lambda world: {"reference": world.draft.reference},
    "applications:particulars_version": lambda world: {"reference": world.draft.reference, "number": 3},
    "applications:budget_sheet": lambda world: {"reference": world.draft.reference},
    "applications:bring_written": lambda world: {"reference": world.draft.reference},
    "applications:filled_form": lambda world: {"reference": world.draft.reference},
    "applications:take_over_form": lambda world: {"reference": world.draft.reference},
    "applications:budget_versions": lambda world: {"reference": world.draft.reference},
    "applications:budget_version": lambda world: {"reference": world.draft.reference, "number": 3},
    "applications:section_versions": lambda world: {
        "reference": world.draft.reference,
        "key": world.draft.call.sections.all()[0].key,
    },
    "applications:section_version": _section_version,
    "applications:section_comments": lambda world: {
        "reference": world.draft.reference,
        "key": world.draft.call.sections.all()[0].key,
    },
    "applications:particulars_comments": lambda world: {"reference": world.draft.reference},
    "applications:budget_comments": lambda world: {"reference": world.draft.reference},
    "applications:answer_comment": _comment,
    "applications:change_comment": _comment,
    "applications:delete_comment": _comment,
    "applications:resolve_comment": _comment,
    "applications:reopen_comment": _comment,
    "applications:ask_draft_copy": lambda world: {"reference": world.draft.reference},
    "applications:draft_copy": _draft_copy,
    "applications:read": lambda world: {"reference": world.draft.reference},
    "applications:collaborators": lambda world: {"reference": world.draft.reference},
    "applications:coalition": lambda world: {"reference": world.draft.reference},
    "applications:remind": lambda world: {"reference": world.draft.reference},
    "applications:invite_again": _collaborator,
    "applications:contact": lambda world: {"reference": world.draft.reference},
    "applications:offer_lead": lambda world: {"reference": world.draft.reference},
    "applications:lead_offer": _lead_offer,
    "applications:accept_lead": _lead_offer,
    "applications:tasks": lambda world: {"reference": world.draft.reference},
    "applications:change_task": _task,
    "applications:finish_task": _task,
    "applications:reopen_task": _task,
    "applications:remove_task": _task,
    "applications:change_right": _collaborator,
    "applications:end_collaboration": _collaborator,
    "applications:invitation": lambda world: {"collaborator_key": world.draft.collaborators.get().key},
    "applications:people": lambda world: {"reference": world.draft.reference},
    "applications:partners": lambda world: {"reference": world.draft.reference},
    "applications:ask_consent": _partner,
    "applications:remove_partner": _partner,
    "applications:consent_changes": _partner,
    "applications:section": lambda world: {
        "reference": world.draft.reference,
        "key": world.draft.call.sections.all()[0].key,
    },
    "applications:take_goal": _goal,
    "applications:leave_goal": _goal,
    "applications:budget": lambda world: {"reference": world.draft.reference},
    "applications:attachments": lambda world: {"reference": world.draft.reference},
    "applications:attachment": _attachment,
    "applications:remove_attachment": _attachment,
    "applications:check": lambda world: {"reference": world.draft.reference},
    "applications:submit": lambda world: {"reference": world.draft.reference},
    "applications:withdraw": lambda world: {"reference": world.draft.reference},
    "applications:undo_withdrawal": lambda world: {"reference": world.draft.reference},
    "applications:start_again": lambda world: {"reference": world.draft.reference},
    "applications:status": lambda world: {"reference": world.produced.reference},
    "applications:receipt": lambda world: {"reference": world.produced.reference},
    "applications:receipt_pdf": lambda world: {"reference": world.produced.reference},
    "applications:consent_account": _partner,
    "applications:ask_question": lambda world: {"secret": world.secrets["consent"]},
    "applications:ask_question_account": _partner,
    "applications:answer_question": _question,
    "applications:consent_copy": _consent_copy,
    "applications:ask_everybody": lambda world: {"reference": world.draft.reference},
    "applications:sign_account": lambda world: {
        "reference": world.sealed.reference,
        "role": "main_applicant",
    },
    "applications:ask_signature": lambda world: {
        "reference": world.sealed.reference,
        "role": "main_applicant",
    },
    "organisations:colleagues": lambda world: {"organisation_id": world.draft.lead.pk},
    "organisations:confirm": _claimed,
    "organisations:dispute": _claimed,
    "organisations:stop": _claimed,
    "coalitions:correct_organisation": _claimed,
    "organisations:ask_again": _claimed,
    "mapping:representatives": lambda world: {"slug": world.draft.coalition.region.slug},
    "mapping:recommend_representative": _claimed_in_region,
    "mapping:dispute_representative": _claimed_in_region,
    "admin:confirm_representative": lambda world: {"pk": world.claimed.pk},
    "admin:end_representative": lambda world: {"pk": world.claimed.pk},
    "decisions:letter": lambda world: {"reference": world.produced.reference},
    "correspondence:conversations": lambda world: {"reference": world.advised.reference},
    "correspondence:conversation": lambda world: {"reference": world.advised.reference, "number": 1},
    "correspondence:take_back": lambda world: _message(world, 1, 2),
    "correspondence:file": lambda world: _message(world, 1, 1),
    "takeovers:ask": lambda world: {"representative_id": word_of(world.draft.applicant).pk},
    "takeovers:of_draft": lambda world: {"reference": world.draft.reference},
    "takeovers:stop": lambda world: _takeover(world, "open"),
    "takeovers:undo": lambda world: _takeover(world, "granted"),
    "admin:takeover": lambda world: {"pk": takeover_in("open").pk},
    "admin:takeover_proof": lambda world: {"pk": takeover_in("open").pk},
    "admin:grant_takeover": lambda world: {"pk": takeover_in("open").pk},
    "admin:refuse_takeover": lambda world: {"pk": takeover_in("open").pk},
    "admin:undo_takeover": lambda world: {"pk": takeover_in("granted").pk},
    "admin:message_conversations": lambda world: {"reference": world.advised.reference},
    "admin:message_conversation": lambda world: {"reference": world.advised.reference, "number": 1},
    "admin:close_conversation": lambda world: {"reference": world.advised.reference, "number": 1},
    "admin:message_take_back": lambda world: _message(world, 2, 1),
    "admin:message_file": lambda world: _message(world, 1, 1),
    "completions:completion": lambda world: {"reference": world.awaiting.reference},
    "completions:check": lambda world: {"reference": world.awaiting.reference},
    "completions:files": lambda world: {"reference": world.awaiting.reference, "number": 1},
    "completions:file": lambda world: _added_file(world.awaiting),
    "completions:remove_file": lambda world: _added_file(world.awaiting),
    "admin:completion": lambda world: {"reference": world.awaiting.reference},
    "admin:ask_to_complete": lambda world: {"reference": world.awaiting.reference},
    "admin:completion_file": lambda world: _added_file(world.sealed),
    "call_questions:questions": lambda world: {"slug": world.draft.call.slug},
    "call_questions:ask": lambda world: {"slug": world.draft.call.slug},
    "call_questions:answer": lambda world: {"slug": world.draft.call.slug, "number": 1},
    "admin:call_question": lambda world: {"key": world.call_question.key},
    "admin:answer_alone": lambda world: {"key": world.call_question.key},
    "admin:call_answer": _call_answer,
    "admin:publish_call_answer": _call_answer,
    "admin:take_call_answer_back": _call_answer,
    "decisions:bank_account": lambda world: {"reference": world.paid.reference},
    "admin:bank_account": lambda world: {"reference": world.paid.reference},
    "admin:send_back_bank_account": lambda world: {"reference": world.paid.reference},
    "documents:verify_code": lambda world: {"code": "HP-AAAA-AAAA-AAAA"},
    "admin:person": lambda world: {"pk": world.people["outsider"].pk},
    "admin:regions_of": lambda world: {"pk": world.people["kwartiermaker"].pk},
    "admin:positions_of": lambda world: {"pk": world.people["reviewer"].pk},
    "admin:mail": lambda world: {"pk": world.mail.pk},
    "admin:destruction_report": lambda world: {"pk": world.report.pk},
    "admin:take_back_destruction": lambda world: {"pk": world.report.pk},
    "admin:call": lambda world: {"slug": world.draft.call.slug},
    "admin:application": lambda world: {"reference": world.sealed.reference},
    "admin:attachment": lambda world: {"reference": world.sealed.reference, "sha256": "0" * 64},
    "admin:review": lambda world: {"reference": world.sealed.reference},
    "admin:declare": lambda world: {"reference": world.sealed.reference},
    "admin:measure": lambda world: {"pk": world.interest.pk},
    "admin:placement": lambda world: {"reference": world.sealed.reference},
    "admin:advice": lambda world: {"reference": world.advised.reference},
    "admin:round": lambda world: {"slug": world.draft.call.slug, "number": 1},
    "admin:check_review": lambda world: {"reference": world.sealed.reference},
    "admin:answer_withdrawal": lambda world: {"pk": world.asked.pk},
    "admin:withdraw_review": lambda world: {"reference": world.sealed.reference},
    "admin:check_advice": lambda world: {"reference": world.advised.reference},
    "admin:withdraw_advice": lambda world: {"reference": world.advised.reference},
    "admin:check_decision": lambda world: {"reference": world.advised.reference},
    "admin:withdraw_decision": lambda world: {"reference": world.decided.reference},
    "admin:send_back_decision": lambda world: {"reference": world.decided.reference},
    "admin:correct_letter": lambda world: {"reference": world.produced.reference},
    "admin:check_correction": lambda world: {"reference": world.produced.reference},
    "admin:correction": lambda world: {"reference": world.produced.reference},
    "admin:take_back_correction": lambda world: {"reference": world.produced.reference},
    "admin:decision": lambda world: {"reference": world.advised.reference},
    "admin:send_letter_anew": lambda world: {"reference": world.produced.reference},
    "admin:send_letter_by_post": lambda world: {"reference": world.produced.reference},
    "admin:returned_copy": lambda world: {"reference": world.produced.reference, "number": 1},
    "admin:letter": lambda world: {"reference": world.decided.reference},
    "admin:letter_pdf": lambda world: {"reference": world.produced.reference},
    "admin:printed_letter": lambda world: {
        "pk": PrintedLetter.objects.get(letter__about=world.printed.reference).pk
    },
    "admin:view_on_site": lambda world: {"content_type_id": 1, "object_id": 1},
    "demo:log_in_as": lambda world: {"key": "aanvrager"},
    "demo:mail": lambda world: {"mail_id": world.mail.pk},
}
