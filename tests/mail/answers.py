"""Answers as mail programs write them, in Dutch and English, and mails that were made to do harm."""

from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP

NOTICE = "Beste Noor,\n\nHet programmabureau schreef u over aanvraag HUB-2024-0001.\n\nhttps://portaal.example/a/\n"
QUOTE = "".join(f"> {line}\n" for line in NOTICE.splitlines())
_HEAD = """\
Van: Hubportaal <noreply@hubportaal.example>
Verzonden: zaterdag 28 november 2026 14:03
Aan: Noor de Wit <noor@voorbeeld.example>
Onderwerp: Er is een bericht over uw aanvraag
"""
_SENT_BY_OUTLOOK = "________________________________"

# By program: what was newly written, and the line with which the rest begins.
PROGRAMS: dict[str, tuple[str, str]] = {
    "Gmail": ("Dank, dat klopt.\n\nGroet, Noor", "Op za 28 nov. 2026 om 14:03 schreef Hubportaal <"),
    "Apple": (
        "Dank.",
        "> Op 28 nov 2026, om 14:03 heeft Hubportaal <noreply@hubportaal.example> het volgende geschreven:",
    ),
    "iPhone": (
        "Dank.\n\nVerstuurd vanaf mijn iPhone",
        "> Op 28 nov 2026 om 14:03 heeft Hubportaal <noreply@hubportaal.example> het volgende geschreven:",
    ),
    "Outlook": ("Dank.\n\nMet vriendelijke groet,\nNoor", _HEAD.splitlines()[0]),
    "Outlook on the web": ("Dank.", _SENT_BY_OUTLOOK),
    "Outlook on a telephone": (
        "Dank.\n\nOutlook voor iOS<https://aka.ms/o0ukef> downloaden",
        _SENT_BY_OUTLOOK,
    ),
    "Outlook with stars": ("Dank.", "*Van:* Hubportaal <noreply@hubportaal.example>"),
    "Thunderbird": ("Dank.", "Op 28-11-2026 om 14:03 schreef Hubportaal:"),
    "an older Outlook": ("Dank.", "-----Oorspronkelijk bericht-----"),
    "Samsung": ("Dank.\n\nVerzonden vanaf mijn Galaxy", "-------- Oorspronkelijk bericht --------"),
    "Ziggo": ("Dank.", "> Op 28-11-2026 14:03 CET schreef Hubportaal <noreply@hubportaal.example>:"),
    "Gmail in English": (
        "Thanks.",
        "On Sat, 28 Nov 2026 at 14:03, Hubportaal <noreply@hubportaal.example> wrote:",
    ),
    "Outlook in English": ("Thanks.", "From: Hubportaal <noreply@hubportaal.example>"),
    "a signature alone": ("Dank.", "-- "),
}
_BELOW = {
    "Gmail": f"\nnoreply@hubportaal.example>:\n\n{QUOTE}",
    "Outlook": f"\n{_HEAD.partition(chr(10))[2]}\n{NOTICE}",
    "Outlook on the web": f"\n{_HEAD}\n{NOTICE}",
    "Outlook on a telephone": f"\n{_HEAD}\n{NOTICE}",
    "Outlook with stars": f"\n*Verzonden:* zaterdag\n*Aan:* Noor\n*Onderwerp:* Er is een bericht\n\n{NOTICE}",
    "an older Outlook": f"\n{_HEAD}\n{NOTICE}",
    "Samsung": f"\nVan: Hubportaal <noreply@hubportaal.example> \nDatum: 28-11-2026 14:03 (GMT+01:00) \nAan: noor@voorbeeld.example \nOnderwerp: Er is \n\n{NOTICE}",
    "Outlook in English": f"\nSent: Saturday, November 28, 2026 2:03 PM\nTo: Noor\nSubject: Er is\n\n{NOTICE}",
    "a signature alone": "\nNoor de Wit\nZorgbelang (fictief)",
}


def written_with(program: str) -> str:
    """Return a whole answer as a program writes it."""
    words, begins = PROGRAMS[program]
    return f"{words}\n\n{begins}{_BELOW.get(program, f'{chr(10)}{QUOTE}')}"


def mail(
    text: str | None = "Dank, dat klopt.",
    *,
    sender: str = "noor@voorbeeld.example",
    number: str = "<1@voorbeeld.example>",
    html: str | None = None,
    files: Sequence[tuple[str, bytes]] = (),
    **fields: str,
) -> bytes:
    """Return a mail as a program writes it; ``fields`` have lines for the hyphens in their names."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = sender, "antwoord@antwoorden.example"
    message["Subject"] = "Re: Er is een bericht over uw aanvraag"
    if number:
        message["Message-ID"] = number
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    if text is not None:
        message.set_content(text)
    if html is not None:
        if text is None:
            message.set_content(html, subtype="html")
        else:
            message.add_alternative(html, subtype="html")
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return message.as_bytes()


def raw(head: str, body: str = "", *, sender: str = "noor@voorbeeld.example") -> bytes:
    """Return a mail with these very lines."""
    first = f"From: {sender}\nMessage-ID: <raw@voorbeeld.example>\nMIME-Version: 1.0\n"
    return f"{first}{head}\n\n{body}".encode("utf-8", "surrogateescape").replace(b"\n", b"\r\n")


def nested(depth: int) -> bytes:
    """Return parts in parts in parts."""
    head = 'Content-Type: multipart/mixed; boundary="b0"'
    body = "".join(
        f'--b{number}\nContent-Type: multipart/mixed; boundary="b{number + 1}"\n\n' for number in range(depth)
    )
    return raw(head, f"{body}--b{depth}\nContent-Type: text/plain\n\nDank.\n")


_MIXED = 'Content-Type: multipart/mixed; boundary="b"'
# Mails that are refused whole, whatever else is in them.
HOSTILE: dict[str, bytes] = {
    "ten thousand fields": raw("\n".join(f"X-{number}: a" for number in range(10_000)), "Dank."),
    "a head of a megabyte": raw(f"X-Long: {'a' * 1_000_000}", "Dank."),
    "a thousand parts in one another": nested(1000),
    "twenty parts in one another": nested(20),
    # Each line is held against each boundary that is open.
    "few parts in one another and very many lines": nested(8) + b"a\n" * 400_000,
    "a hundred thousand parts": raw(_MIXED, "--b\n\n" * 100_000),
    "a hundred and fifty parts": raw(_MIXED, "--b\nContent-Type: text/plain\n\nDank.\n" * 150),
    "forty files": raw(_MIXED, "--b\nContent-Type: application/pdf\n\nx\n" * 40),
    "mails enclosed in mails": raw(
        _MIXED,
        "--b\nContent-Type: message/rfc822\n\n"
        + 'Content-Type: multipart/digest; boundary="c"\n\n--c\n\n' * 2000,
    ),
}
# Mails that are odd, and say this all the same.
ODD: dict[str, tuple[bytes, str]] = {
    "a set that does not exist": (
        raw("Content-Type: text/plain; charset=klingon-1", "Dank, dat is één euro."),
        "Dank, dat is één euro.",
    ),
    "a set that costs time": (
        raw("Content-Type: text/plain; charset=punycode", "Dank-" * 50_000),
        ("Dank-" * 50_000),
    ),
    "a set that is no text": (raw("Content-Type: text/plain; charset=zip", "Dank."), "Dank."),
    "a set with a null": (raw('Content-Type: text/plain; charset="u\0tf"', "Dank."), "Dank."),
    "no set": (raw("Subject: Re", "Dank, één.").decode().encode("cp1252"), "Dank, één."),
    "base64 that is none": (
        raw("Content-Type: text/plain\nContent-Transfer-Encoding: base64", "RGFuay4=\n"),
        "Dank.",
    ),
    "an encoding that does not exist": (
        raw("Content-Type: text/plain\nContent-Transfer-Encoding: rot13", "Dank."),
        "Dank.",
    ),
    "a kind with no end": (raw(f"Content-Type: text/plain; {';' * 100_000}", "Dank."), "Dank."),
    "a boundary that is not there": (raw('Content-Type: multipart/mixed; boundary="x"', "Dank."), ""),
    "no boundary": (raw("Content-Type: multipart/mixed", "Dank."), ""),
    "a null byte": (raw("Content-Type: text/plain", "Da\0nk."), "Dank."),
    "signs that turn": (raw("Content-Type: text/plain; charset=utf-8", "Dank\u202e.\u200b"), "Dank."),
}
