"""Reports about mails that were not delivered, as mail servers write them."""

POSTFIX = """\
Return-Path: <>
From: MAILER-DAEMON@mail.kota.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: pantulan@kota.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
    boundary="4XyZ.1700/mail.kota.example"

--4XyZ.1700/mail.kota.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mail.kota.example.

--4XyZ.1700/mail.kota.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.kota.example
X-Postfix-Queue-ID: 4XyZ
Arrival-Date: Tue, 10 Mar 2026 12:00:00 +0700 (WIB)

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.contoh.example
Diagnostic-Code: smtp; 550 5.1.1 <{recipient}>: Recipient address
    rejected: User unknown

--4XyZ.1700/mail.kota.example
Content-Description: Undelivered Message
Content-Type: {part}

{headers}
--4XyZ.1700/mail.kota.example--
"""
HEADERS = """\
Message-ID: {message_id}
Subject: Proposal terkirim
To: {recipient}
From: Portal KIPP <portal@kipp.example>
"""


def report(
    delivery,
    message_id,
    *,
    recipient="",
    action="failed",
    status="5.1.1",
    part="message/rfc822",
):
    """The report about the mail of `delivery`, as Postfix writes it."""
    recipient = recipient or delivery.address
    headers = HEADERS.format(message_id=message_id, recipient=recipient)
    if part == "message/rfc822":
        headers += "Content-Type: text/plain\n\nIsi surat.\n"
    return POSTFIX.format(
        recipient=recipient, action=action, status=status, part=part, headers=headers
    ).encode()
