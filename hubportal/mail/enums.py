"""States of a mail."""

import re

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailStatus(models.TextChoices):
    """Status of a mail."""

    QUEUED = "queued", _("waiting to be sent")
    CLAIMED = "claimed", _("being sent")
    SENT = "sent", _("sent")
    BOUNCED = "bounced", _("came back")
    UNCERTAIN = "uncertain", _("uncertain")
    FAILED = "failed", _("failed")
    SETTLED = "settled", _("settled by the office")


class Outcome(models.TextChoices):
    """What became of a mail that came in."""

    TAKEN = "taken", _("taken")
    REFUSED = "refused", _("refused")
    IGNORED = "ignored", _("written by a program, so left alone")


# What the office calls each kind of mail: those of the portal, and those of accounts.
# Somebody waits at the page for what stands in it.
WAITED_FOR = frozenset(
    {
        "account_already_exists",
        "email_confirmation",
        "email_confirmation_signup",
        "login_code",
        "password_reset_key",
        "unknown_account",
    }
)
KINDS = {
    "account_already_exists": _("registration with an address that has an account"),
    "agreement_answered": _("answer of an organisation about its card"),
    "agreement_asked": _("organisation asked to agree to its card"),
    "agreement_elsewhere": _("notice that somebody else agreed to a card"),
    "agreement_given": _("receipt of an agreement to a card"),
    "agreement_overruled": _("notice that a no elsewhere took an organisation off the public pages"),
    "agreement_refused": _("receipt of a refused card"),
    "answer_file_left_out": _("notice that a file with an answer by mail was not taken"),
    "answer_nudged": _("reminder that the lead organisation asked for"),
    "attachment_infected": _("virus found in an attachment"),
    "bank_account": _("account of a grant given or checked"),
    "call_question_answered": _("notice that a question about a call was answered"),
    "call_question_changed": _("notice that the answer to a question about a call changed"),
    "collaborator_invited": _("invitation to write an application along"),
    "completion_arrived": _("notice to the office that an application was completed"),
    "completion_asked": _("question to complete an application"),
    "completion_asked_others": _("notice to a coalition that its application is to be completed"),
    "completion_lapsed": _("notice that an application was not completed in time"),
    "completion_lapsed_office": _("notice to the office that an application was not completed in time"),
    "completion_over_reviewer": _("notice to a reviewer that an application can be judged"),
    "completion_reminder": _("reminder to complete an application"),
    "completion_reminder_others": _("reminder to a coalition of what is to be completed"),
    "completion_sent": _("receipt of what was added to an application"),
    "consent_answered": _("answer of a partner"),
    "consent_copy": _("copy of a consent, to who gave it"),
    "consent_elsewhere": _("notice that somebody else consented for an organisation"),
    "consent_question": _("question of a partner about a consent"),
    "consent_question_answered": _("answer to a partner's question about a consent"),
    "consent_reminder": _("reminder of a request for consent"),
    "consent_request": _("request for consent"),
    "contact_changed": _("notice of another contact person of the lead"),
    "contact_offered": _("question to be the contact person of the lead"),
    "contact_stays": _("notice that the contact person of the lead stays the same"),
    "contact_taken_over": _("warning that somebody takes over as contact person of the lead"),
    "correction_answered": _("answer about the correction of a card"),
    "correction_asked": _("correction of a card asked"),
    "correction_confirm": _("link to confirm a correction that was asked"),
    "correction_sent_back": _("correction of a letter sent back"),
    "daily_overview": _("overview of what others did in drafts"),
    "deadline_near": _("reminder of a deadline"),
    "deadline_passed": _("notice that a deadline passed without a submission"),
    "decision_sent_back": _("decision sent back"),
    "email_changed": _("address of an account changed"),
    "email_confirmation": _("confirmation of an address"),
    "email_confirmation_signup": _("confirmation of an address when registering"),
    "email_deleted": _("address of an account removed"),
    "follow_confirm": _("link to confirm that somebody follows a region"),
    "follow_news": _("news of a region"),
    "help_asked": _("help asked of a kwartiermaker"),
    "help_unread": _("help asked where no kwartiermaker may read it"),
    "lead_declined": _("notice that a partner does not take the lead"),
    "lead_moved": _("notice that another organisation leads a coalition"),
    "lead_offer_over": _("notice that an offer of the lead no longer stands"),
    "lead_offer_told": _("notice to colleagues that the lead was offered to a partner"),
    "lead_offered": _("question to a partner to take the lead"),
    "letter": _("letter"),
    "letter_copy": _("copy of a letter"),
    "letter_posted": _("notice that a letter was posted"),
    "login_code": _("code to log in"),
    "looked_for": _("notice that another organisation wants to be found on the same question"),
    "message_to_applicants": _("notice to applicants that the office wrote"),
    "message_to_office": _("notice to the office that applicants wrote"),
    "name_changed": _("notice that the name of an account changed"),
    "named_leader": _("notice to a project leader"),
    "partner_removed": _("notice to a partner who was removed"),
    "password_changed": _("password changed"),
    "password_reset": _("new password chosen by a link"),
    "password_reset_key": _("link for a new password"),
    "password_set": _("password chosen"),
    "person_agreed": _("consent of a person confirmed"),
    "person_asked": _("person asked for consent"),
    "person_ends": _("notice that a consent ends"),
    "person_erased": _("receipt of an erasure"),
    "person_moved": _("address of a person changed"),
    "person_prolonged": _("consent of a person prolonged"),
    "receipt": _("confirmation of receipt"),
    "received": _("notice to everybody of a coalition that it submitted"),
    "recovery_codes_generated": _("new recovery codes"),
    "region_assigned": _("region assigned"),
    "region_handed_over": _("region handed over"),
    "reinstated": _("withdrawal taken back"),
    "reinstated_for_partner": _("withdrawal taken back, for partners"),
    "representation_asked": _("request to confirm a colleague"),
    "representation_confirmed": _("representative confirmed"),
    "representation_disputed": _("representative disputed"),
    "representation_ended": _("end of a representation"),
    "resident_confirm": _("link to confirm what a resident wrote"),
    "resident_received": _("receipt of what a resident wrote"),
    "resident_wrote": _("notice that a resident wrote"),
    "review_out": _("review taken out"),
    "reviews_assigned": _("applications assigned to a reviewer"),
    "roles_changed": _("roles changed"),
    "signature_copy": _("copy of a signature, to who signed"),
    "signature_request": _("request to sign"),
    "takeover_asked": _("warning that somebody asks the office for a draft"),
    "takeover_closed": _("answer that a request for a dossier was not granted"),
    "takeover_granted": _("notice that the office gave somebody a draft"),
    "takeover_received": _("receipt of a request for a dossier"),
    "takeover_stopped": _("notice that somebody does not get a draft"),
    "takeover_undone": _("notice that the handing out of a draft was undone"),
    "takeover_yours": _("draft of a colleague who left given"),
    "totp_activated": _("second factor set up"),
    "totp_deactivated": _("second factor removed"),
    "unknown_account": _("log-in with an address that has no account"),
    "webauthn_added": _("passkey added"),
    "webauthn_removed": _("passkey removed"),
    "withdrawal_answered": _("answer to a reviewer who asked a review back"),
    "withdrawal_asked": _("review asked back"),
    "withdrawn": _("withdrawal"),
    "withdrawn_for_partner": _("withdrawal, for partners"),
    "withdrawn_for_reviewer": _("withdrawal, for reviewers"),
}

# By the second and third number of a status, or the second alone (RFC 3463).
_CAUSES = {
    "1": _("The address does not exist, or no longer receives e-mail."),
    "2.2": _("The mailbox is full."),
    "2": _("The mailbox does not accept e-mail."),
    "4": _("The mail server of the recipient did not answer in time."),
    "7": _("The mail server of the recipient refuses e-mail from us."),
}
_status = re.compile(r"^[245]\.(\d{1,3})\.(\d{1,3})\b")


def kind_in_words(kind: str) -> str:
    """Return what the office calls a kind of mail; its name where nobody gave it words."""
    return str(KINDS.get(kind, kind))


def cause_in_words(problem: str) -> str:
    """Return in plain words why a mail came back, from what the mail server said; nothing if that says too little."""
    found = _status.match(problem)
    if found is None:
        return ""
    return str(_CAUSES.get(f"{found[1]}.{found[2]}") or _CAUSES.get(found[1]) or "")
