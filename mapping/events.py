"""The acts on the map that are recorded."""

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act, Fact
from mapping.enums import TieKind

_PERSON = Fact("user", _("person"))

_REGION = Fact("region", _("region"))
ORGANISATION_CHANGED = Act(
    "mapping.organisation_changed",
    _("organisation changed"),
    # The region whose talk was changed; none where nothing but shared facts were.
    (Fact("fields", _("changed"), are_fields=True), _REGION),
)
ORGANISATION_PUBLISHED = Act("mapping.organisation_published", _("organisation made public"))
ORGANISATION_UNPUBLISHED = Act("mapping.organisation_unpublished", _("organisation made not public"))
_TEXT = Fact("digest", _("text"), is_digest=True)
AGREEMENT_ASKED = Act(
    "mapping.agreement_asked", _("organisation asked to agree to its public text"), (_REGION,)
)
AGREEMENT_TAKEN_BACK = Act(
    "mapping.agreement_taken_back", _("question to agree to a public text taken back"), (_REGION,)
)
AGREEMENT_REMINDED = Act(
    "mapping.agreement_reminded", _("organisation reminded to agree to its public text"), (_REGION,)
)
AGREED = Act("mapping.agreed", _("organisation agreed to its public text"), (_REGION, _TEXT))
PUBLISHED_AS_AGREED = Act(
    "mapping.published_as_agreed", _("organisation made public as it agreed"), (_REGION, _TEXT)
)
DECLINED = Act("mapping.declined", _("organisation declined to be public"), (_REGION,))
AGREEMENT_WITHDRAWN = Act(
    "mapping.agreement_withdrawn", _("organisation withdrew its agreement to be public"), (_REGION,)
)
TAKEN_TO_MAP = Act("mapping.taken_to_map", _("organisation put on the map of one more region"), (_REGION,))
REMOVED_FROM_MAP = Act(
    "mapping.removed_from_map", _("organisation taken off the map of a region"), (_REGION,)
)
PUT_BACK = Act("mapping.put_back", _("organisation put back on the map of a region"), (_REGION,))
BIN_EMPTIED = Act("mapping.bin_emptied", _("organisation in the bin of a region forgotten"), (_REGION,))
_OTHER = Fact("organisation", _("other organisation"))
MERGED = Act("mapping.merged", _("two organisations merged"), (_OTHER, _REGION))
UNMERGED = Act("mapping.unmerged", _("merge of two organisations undone"), (_OTHER, _REGION))
# Of a row that the portal knew before it came on the map; with another one where the map went on with it.
CAME_ON_MAP = Act(
    "mapping.came_on_map",
    _("organisation put on the map under its KvK number"),
    (Fact("fields", _("changed"), are_fields=True), _OTHER),
)
_KIND = Fact("kind", _("kind of tie"), dict(TieKind.choices))
TIED = Act("mapping.tied", _("tie between organisations written down"), (_OTHER, _KIND))
UNTIED = Act("mapping.untied", _("tie between organisations ended"), (_OTHER, _KIND))
QUESTION_WRITTEN = Act("mapping.question_written", _("participation question written"))
QUESTION_SHOWN = Act("mapping.question_shown", _("participation question made public"))
QUESTION_HIDDEN = Act("mapping.question_hidden", _("participation question made not public"))
ENGAGEMENT_WRITTEN = Act(
    "mapping.engagement_written",
    _("involvement of an organisation in a question written down"),
    (Fact("organisation", _("organisation")), _REGION),
)
REGION_ASSIGNED = Act("mapping.region_assigned", _("region assigned to a kwartiermaker"), (_PERSON,))
REGION_WITHDRAWN = Act("mapping.region_withdrawn", _("region taken from a kwartiermaker"), (_PERSON,))
RECOMMENDED = Act(
    "mapping.recommended",
    _("programme office told whether somebody represents an organisation"),
    (_PERSON, Fact("word", _("word"), {"right": _("is right"), "wrong": _("is not right")})),
)
CORRECTION_ASKED = Act("mapping.correction_asked", _("correction of a public text asked"), (_REGION,))
CORRECTION_DISOWNED = Act(
    "mapping.correction_disowned",
    _("correction of a public text not asked by who reads the mailbox"),
    (_REGION,),
)
CORRECTION_ANSWERED = Act("mapping.correction_answered", _("request for a correction answered"), (_REGION,))
