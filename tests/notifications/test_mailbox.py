from email.message import EmailMessage

import pytest

from notifications import mailbox
from tests.factories.notifications import MOMENT


def letter(subject="Piagam siap"):
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, "a@x.example", "b@x.example"
    mail.set_content("Teks surat.")
    mail.add_alternative("<p>Teks surat.</p>", subtype="html")
    return mail.as_bytes()


def test_mails_are_named_by_time_newest_first(tmp_path):
    older = mailbox.store(tmp_path, letter(), MOMENT)
    newer = mailbox.store(tmp_path, letter(), MOMENT.replace(hour=10))
    (tmp_path / ".half-written.eml").write_bytes(b"")

    assert mailbox.names(tmp_path) == [newer.name, older.name]


def test_mail_is_read_in_parts(tmp_path):
    name = mailbox.store(tmp_path, letter("Piagam “siap”"), MOMENT).name

    mail = mailbox.read(tmp_path, name)

    assert mail.subject == "Piagam “siap”"
    assert (mail.sender, mail.recipient) == ("a@x.example", "b@x.example")
    assert mail.text.strip() == "Teks surat."
    assert mail.html.strip() == "<p>Teks surat.</p>"


@pytest.mark.parametrize("name", ["", "absent.eml", "../secret.eml", "/etc/passwd"])
def test_nothing_outside_the_mailbox_is_read(tmp_path, name):
    box = tmp_path / "mail"
    mailbox.store(box, letter(), MOMENT)
    (tmp_path / "secret.eml").write_bytes(letter())

    with pytest.raises(FileNotFoundError):
        mailbox.read(box, name)


def test_mailbox_that_is_not_there_is_empty(tmp_path):
    assert mailbox.names(tmp_path / "absent") == []
