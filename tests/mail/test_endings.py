"""Each mail says whom to ask and where its reader's rights stand; only colleagues in the office know that (GDPR art. 12)."""

from types import SimpleNamespace

from django.conf import settings

from hubportal.mail.domain.composing import compose
from tests.architecture.sources import ROOT

ENDINGS = ("mail_end.txt", "mail_named.txt")
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
        if not any(f'{{% include "{ending}"' in each.read_text() for ending in ENDINGS)
    }
    assert without == TO_THE_OFFICE


def test_the_ending_names_the_pages_of_the_portal() -> None:
    words = {
        "application": SimpleNamespace(reference="HUB-2024-000001"),
        "person": SimpleNamespace(full_name="Anna"),
    }
    _subject, body = compose("withdrawn", words)
    at = settings.PUBLIC_ADDRESS
    assert body == (
        "Beste Anna,\n\n"
        "U hebt aanvraag HUB-2024-000001 ingetrokken. Wij beoordelen de aanvraag niet verder.\n\n"
        "U kunt dit niet terugdraaien. Uw tekst blijft leesbaar, en zolang de oproep open is kunt u er opnieuw mee beginnen.\n\n"
        f"Hebt u vragen, of klopt er iets niet? Neem contact op met het programmabureau:\n{at}/contact/\n\n"
        "Lees hier wat we met uw gegevens doen, wat u ons kunt vragen, en waar u een klacht kunt indienen:\n"
        f"{at}/privacy/\n"
    )
