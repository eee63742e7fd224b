"""The acts on applications that are recorded."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from applications.enums import (
    CollaboratorRight,
    ConsentAnswer,
    HandoverKind,
    HandoverState,
    LeadOfferState,
    MoveReason,
    SigningRole,
    Status,
)
from hubportal.audit.events import Act, Fact
from hubportal.documents.enums import ScanState

# Who does one of these takes part in the call; who looks, says no or asks what is meant does not (rules 14 and 29).
_steering = partial(Act, is_steering=True)
_ROLE = Fact("role", _("role"), dict(SigningRole.choices))
_MOVE = (
    Fact("from", _("status before"), dict(Status.choices)),
    Fact("to", _("status now"), dict(Status.choices)),
    Fact("why", _("reason"), dict(MoveReason.choices)),
)

_DECIDED = "applications.decided"

STARTED = _steering("applications.started", _("application started"))
# By the status that an application comes to.
MOVED = {
    Status.SUBMITTED: _steering("applications.submitted", _("application submitted"), _MOVE),
    Status.SEALED: Act("applications.sealed", _("application sealed"), _MOVE),
    Status.ADVISED: Act("applications.advised", _("advice on the application adopted"), _MOVE),
    # Which of the two it was, is known before the letter is sent.
    Status.GRANTED: Act(
        "applications.granted", _("decision on the application written"), _MOVE, shown_as=_DECIDED
    ),
    Status.REJECTED: Act(
        "applications.rejected", _("decision on the application written"), _MOVE, shown_as=_DECIDED
    ),
    Status.WITHDRAWN: _steering("applications.withdrawn", _("application withdrawn"), _MOVE),
    Status.DRAFT: _steering("applications.draft", _("discarded draft put back"), _MOVE),
}
REINSTATED = _steering("applications.reinstated", _("withdrawal of a submission taken back"), _MOVE)
ROUND_SEALED = Act("applications.round_sealed", _("round sealed"), (Fact("members", _("applications")),))

VERSION_PUT_BACK = _steering("applications.version_put_back", _("earlier version put back"))

COPY_ASKED = _steering("applications.copy_asked", _("copy of a draft asked"))
COPY_MADE = Act(
    "applications.copy_made", _("copy of a draft made"), (Fact("sha256", _("SHA-256"), is_digest=True),)
)

COMMENTED = _steering("applications.commented", _("comment on a draft written"))
COMMENT_ANSWERED = _steering("applications.comment_answered", _("comment on a draft answered"))
COMMENT_CHANGED = _steering("applications.comment_changed", _("comment on a draft changed"))
COMMENT_DELETED = _steering("applications.comment_deleted", _("comment on a draft deleted"))
COMMENT_RESOLVED = _steering("applications.comment_resolved", _("comment on a draft resolved"))
COMMENT_REOPENED = _steering("applications.comment_reopened", _("comment on a draft opened again"))

_RIGHT = (Fact("right", _("right"), dict(CollaboratorRight.choices)),)
COLLABORATOR_INVITED = _steering(
    "applications.collaborator_invited", _("invited to write a draft along"), _RIGHT
)
COLLABORATOR_JOINED = _steering(
    "applications.collaborator_joined", _("invitation to a draft accepted"), _RIGHT
)
COLLABORATOR_DECLINED = Act("applications.collaborator_declined", _("invitation to a draft declined"))
COLLABORATOR_CHANGED = _steering("applications.collaborator_changed", _("right in a draft changed"), _RIGHT)
COLLABORATOR_ENDED = _steering("applications.collaborator_ended", _("writing a draft along ended"))

TASK_ADDED = _steering("applications.task_added", _("task of a draft added"))
TASK_CHANGED = _steering("applications.task_changed", _("task of a draft changed"))
TASK_DONE = _steering("applications.task_done", _("task of a draft ticked off"))
TASK_REOPENED = _steering("applications.task_reopened", _("task of a draft opened again"))
# Of the application, as of attachments: the row goes.
TASK_REMOVED = _steering(
    "applications.task_removed", _("task of a draft removed"), (Fact("task", _("task")),)
)

HANDOVER_ASKED = _steering(
    "applications.handover_asked",
    _("another contact person of the lead asked for"),
    (Fact("kind", _("how"), dict(HandoverKind.choices)),),
)
HANDOVER_SETTLED = Act(
    "applications.handover_settled",
    _("another contact person of the lead settled"),
    (Fact("state", _("state"), dict(HandoverState.choices)),),
)

LEAD_OFFERED = _steering("applications.lead_offered", _("lead of a coalition offered"))
LEAD_OFFER_SETTLED = Act(
    "applications.lead_offer_settled",
    _("offer of the lead of a coalition settled"),
    (Fact("state", _("state"), dict(LeadOfferState.choices)),),
)
# Of the coalition.
LEAD_MOVED = _steering("applications.lead_moved", _("another organisation became the lead of a coalition"))

ATTACHMENT_ADDED = _steering("applications.attachment_added", _("attachment added"))
ATTACHMENT_REMOVED = _steering(
    "applications.attachment_removed", _("attachment removed"), (Fact("attachment", _("attachment")),)
)
_VIRUS = Fact("virus", _("virus"))
ATTACHMENT_SCANNED = Act(
    "applications.attachment_scanned",
    _("attachment scanned for viruses"),
    (Fact("result", _("result"), dict(ScanState.choices)), _VIRUS),
)
# Of the application: there is no attachment.
INFECTED_FILE_REFUSED = Act("applications.infected_file_refused", _("file with a virus refused"), (_VIRUS,))

CONSENT_ASKED = _steering("applications.consent_asked", _("consent asked"), (Fact("link", _("link")),))
CONSENT_ANSWERED = {
    ConsentAnswer.GIVEN: _steering("applications.consent_given", _("consent given")),
    ConsentAnswer.DECLINED: Act("applications.consent_declined", _("consent declined")),
}

CONSENT_QUESTION_ASKED = Act("applications.consent_question_asked", _("question asked about a consent"))
CONSENT_QUESTION_ANSWERED = _steering(
    "applications.consent_question_answered", _("question about a consent answered")
)
CONSENT_COPIED = Act(
    "applications.consent_copied",
    _("copy of a consent made"),
    (Fact("sha256", _("SHA-256"), is_digest=True),),
)

DEADLINE_REMINDED = Act("applications.deadline_reminded", _("reminded of a deadline"))

NUDGED = _steering("applications.nudged", _("reminder of an answer asked for"))
REQUEST_OPENED = Act("applications.request_opened", _("request for consent opened"))
INVITATION_OPENED = Act("applications.invitation_opened", _("invitation to a draft opened"))

SIGNATURE_ASKED = Act("applications.signature_asked", _("signature asked"), (_ROLE,))
DECLARATION_SIGNED = _steering("applications.declaration_signed", _("declaration signed"), (_ROLE,))
SIGNATURE_COPIED = Act(
    "applications.signature_copied",
    _("copy of a signature made"),
    (Fact("sha256", _("SHA-256"), is_digest=True),),
)
COPY_SENT_AGAIN = Act("applications.copy_sent_again", _("copy of a consent or signature sent again"))
SIGNING_EXTENDED = Act("applications.signing_extended", _("signing period extended"))
