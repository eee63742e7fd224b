"""The office reads in words which kind of mail failed or came back."""

from pathlib import Path

import allauth
import pytest
from django.conf import settings

from hubportal.mail.enums import kind_in_words

ROOT = Path(settings.BASE_DIR)
OURS = {each.stem for each in (ROOT / "templates/mails").glob("*.txt")} | {"letter_copy"}
# Those of accounts: by links, with passwords, codes and passkeys.
OF_ACCOUNTS = {
    each.name.removesuffix("_subject.txt")
    for app in ("account", "mfa")
    for each in (Path(allauth.__file__).parent / "templates" / app / "email").glob("*_subject.txt")
    if not each.name.startswith("base")
    # Nothing of allauth sends the one, and a new password is chosen through a link.
    and each.name.removesuffix("_subject.txt") not in {"email_confirm", "password_reset_code"}
}


@pytest.mark.parametrize("kind", sorted(OURS | OF_ACCOUNTS))
def test_every_kind_of_mail_has_words(kind: str) -> None:
    assert kind_in_words(kind) != kind
    assert "_" not in kind_in_words(kind)
