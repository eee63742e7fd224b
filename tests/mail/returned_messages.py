"""Messages as mail servers return them, written after RFC 3464 and the ways of those who do without it."""

TOKEN = "0123456789abcdef0123456789abcdef"
ADDRESS = f"bounces+{TOKEN}@portaal.example"

_ENCLOSED = f"""\
Return-Path: <{ADDRESS}>
From: Hubportaal <noreply@portaal.example>
To: niemand@voorbeeld.example
Subject: Besluit over uw aanvraag
Message-ID: <outbox-{TOKEN}@hubportaal>

Geachte heer,
"""


def report(
    *,
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "smtp; 550 5.1.1 <niemand@voorbeeld.example>: Recipient address rejected: User unknown",
    to: str = ADDRESS,
    enclosed: str = _ENCLOSED,
    kind: str = "delivery-status",
) -> bytes:
    """Return a report of delivery, as Postfix and most others write them."""
    return f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="grens"

This is a MIME-encapsulated message.

--grens
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--grens
Content-Type: message/{kind}

Reporting-MTA: dns; mx.example
Arrival-Date: Wed, 1 May 2024 10:00:00 +0200

Final-Recipient: rfc822; niemand@voorbeeld.example
Original-Recipient: rfc822;niemand@voorbeeld.example
Action: {action}
Status: {status}
Diagnostic-Code: {diagnostic}

--grens
Content-Type: message/rfc822

{enclosed}
--grens--
""".encode()


FULL = report(status="5.2.2", diagnostic="smtp; 552 5.2.2 Mailbox full")
GAVE_UP = report(status="4.4.7", diagnostic="smtp; 451 4.4.1 timed out\n\t(delivery time expired)")
DELAYED = report(action="delayed", status="4.4.1", diagnostic="smtp; 451 4.4.1 no answer")
ARRIVED = report(action="delivered", status="2.0.0", diagnostic="smtp; 250 OK")
WITHOUT_ENVELOPE_TOKEN = report(to="noreply@portaal.example")
READ = report(kind="disposition-notification")

QMAIL = f"""\
Return-Path: <>
From: MAILER-DAEMON@mail.example
To: {ADDRESS}
Subject: failure notice

Hi. This is the qmail-send program at mail.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<niemand@voorbeeld.example>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 User unknown
Giving up on 192.0.2.1.

--- Below this line is a copy of the message.

{_ENCLOSED}""".encode()

EXIM = f"""\
Return-Path: <>
X-Failed-Recipients: niemand@voorbeeld.example
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mail.example>
To: {ADDRESS}
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.
A message that you sent could not be delivered to all of its recipients. This is a permanent error.

  niemand@voorbeeld.example
    host mx.voorbeeld.example [192.0.2.1]: 550 5.1.1 no such user

{_ENCLOSED}""".encode()

AWAY = f"""\
Return-Path: <>
From: Iemand <niemand@voorbeeld.example>
To: {ADDRESS}
Subject: Automatisch antwoord: Besluit over uw aanvraag
Auto-Submitted: auto-replied
In-Reply-To: <outbox-{TOKEN}@hubportaal>

Ik ben er niet. Uw bericht kon ik niet lezen: failed, 550 5.1.1 user unknown <niemand@voorbeeld.example>.
""".encode()

# Somebody who writes as a failure reads, from a mailbox of their own.
PERSON = QMAIL.replace(b"Return-Path: <>", b"Return-Path: <iemand@voorbeeld.example>").replace(
    b"MAILER-DAEMON@mail.example", b"iemand@voorbeeld.example"
)
