"""Each mail says whom to ask and where its reader's rights stand; only colleagues in the office know that (GDPR art. 12)."""

from types import SimpleNamespace

from django.conf import settings

from hubportal.mail.domain.composing import compose
from tests.architecture.sources import ROOT

ENDINGS = ("mail_end.txt", "mails/named.txt")
TO_THE_OFFICE = {
    "completion_arrived",
    "completion_lapsed_office",
    "correction_sent_back",
    "decision_sent_back",
    "help_unread",
    "message_to_office",
    "review_out",
    "roles_changed",
    "withdrawal_asked",
}


def test_every_mail_to_somebody_outside_the_office_ends_with_whom_to_ask() -> None:
    without = {
        each.stem
        for each in (ROOT / "templates" / "mails").glob("*.txt")
        if not any(f'{{% include "{ending}" %}}' in each.read_text() for ending in ENDINGS)
    }
    assert without - {"named"} == TO_THE_OFFICE


def test_the_ending_names_the_pages_of_the_portal() -> None:
    _subject, body = compose("withdrawn", {"application": SimpleNamespace(reference="HUB-2024-000001")})
    at = settings.PUBLIC_ADDRESS
    assert body == (
        "Aanvraag HUB-2024-000001 is ingetrokken. Wij beoordelen de aanvraag niet verder.\n\n"
        f"Hebt u vragen, of klopt er iets niet? Neem contact op met het programmabureau:\n{at}/contact/\n\n"
        "Wat we verder met gegevens doen, wat u ons kunt vragen, en waar u een klacht kunt indienen:\n"
        f"{at}/privacy/\n"
    )
