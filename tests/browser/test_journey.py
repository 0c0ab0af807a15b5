"""The whole walk: from opening the round to a verified certificate."""

import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from tests.browser import walk
from tests.browser.stack import wait_until
from tests.browser.walk import ROUND, WIB

pytestmark = pytest.mark.browser
SCORES = {"Pulang Bawa Akta": 84, "Jesika": 78}


def test_round_runs_from_opening_to_verified_certificate(stack, visit, tmp_path):
    first = len(stack.mailbox.mails)
    secretariat = visit("sekretariat@tegal.example")
    secretariat.check("beranda-sekretariat")
    walk.create_round(secretariat)
    walk.open_round(secretariat)
    visit().go(f"/kompetisi/{ROUND}/")

    author = visit("opd@tegal.example")
    author.check("beranda-opd")
    code = walk.write_proposal(author, "Pulang Bawa Akta", look=True)
    walk.send_proposal(author, code, look=True)
    head = visit("kepala.opd@tegal.example")
    head.check("beranda-kepala")
    walk.endorse(head, code, look=True)
    head.check("tanda-terima")
    second = visit("dinsos@tegal.example")
    second_code = walk.write_proposal(second, "Jesika", look=False)
    walk.send_proposal(second, second_code, look=False)
    walk.endorse(visit("kepala.dinsos@tegal.example"), second_code, look=False)
    _check_receipt(stack, author, code, tmp_path)

    stack.pass_days(8, ROUND)
    secretariat.go(f"/sekretariat/putaran/{ROUND}/proposal/")
    secretariat.check("antrean-verifikasi")
    walk.screen(secretariat, code, look=True)
    walk.screen(secretariat, second_code, look=False)
    walk.publish_check(secretariat)

    stack.pass_days(10, ROUND)
    walk.invite_jurors(secretariat)
    secretariat.check("juri")
    _jury_scores(secretariat, visit)

    stack.pass_days(10, ROUND)
    _seal_and_award(secretariat)
    certificate = _certificate(stack, secretariat, tmp_path)
    _verify(secretariat, visit, certificate)
    _check_public_pages(visit)
    _check_mails(stack, first)


def _jury_scores(secretariat, visit):
    jurors = [visit(f"juri{number}@tegal.example") for number in range(1, 6)]
    for place, juror in enumerate(jurors):
        walk.sign_statement(juror, look=place == 0)
    secretariat.go(f"/sekretariat/putaran/{ROUND}/juri/tugaskan/")
    secretariat.check("penugasan-dihitung")
    secretariat.submit(f"form[action='/sekretariat/putaran/{ROUND}/juri/tugaskan/']")
    for place, juror in enumerate(jurors):
        scores = {title: points + place for title, points in SCORES.items()}
        walk.score_all(juror, scores, look=place == 0)
    secretariat.go(f"/sekretariat/putaran/{ROUND}/")
    secretariat.check("ringkasan-putaran")


def _seal_and_award(secretariat):
    page = secretariat.page
    secretariat.go(f"/sekretariat/putaran/{ROUND}/peringkat/")
    secretariat.check("peringkat")
    first = page.locator("table tbody tr").first.inner_text()
    assert "Pulang Bawa Akta" in first
    page.click("[data-open-dialog=seal]")
    secretariat.type_word("#seal")
    secretariat.submit("#seal form")
    secretariat.go(f"/sekretariat/putaran/{ROUND}/hasil/")
    secretariat.check("hasil-tersegel")

    secretariat.go(f"/sekretariat/putaran/{ROUND}/penghargaan/")
    secretariat.submit("form[action$='/beri/']")
    now = datetime.now(WIB)
    page.fill("[name=number]", "000.8/101/2022")
    page.fill("[name=decree_date]", walk.day(0))
    page.fill("[name=publish_date]", walk.day(0))
    page.fill("[name=publish_time]", f"{now:%H.%M}")
    secretariat.submit("form[action$='/sk/']")
    secretariat.go(f"/sekretariat/putaran/{ROUND}/penghargaan/piagam/")
    secretariat.check("piagam")
    secretariat.go(f"/sekretariat/putaran/{ROUND}/penghargaan/piagam/pemenang/")
    secretariat.check("piagam-pemenang")
    secretariat.click_link("Desain")
    secretariat.check("desain-piagam")
    secretariat.go(f"/sekretariat/putaran/{ROUND}/penghargaan/piagam/pemenang/")
    secretariat.submit("section[aria-labelledby='h-roll'] .panel__foot")


def _certificate(stack, secretariat, tmp_path) -> str:
    """Wait for the worker, read the paper, return its verification address."""
    rendered = (
        "SELECT count(*) FROM documents_issueddocument WHERE kind = 'certificate'"
        " AND rendered_at IS NOT NULL AND subject_key LIKE %s"
    )
    wait_until(
        lambda: stack.query(rendered, "award:%") == [(2,)],
        60,
        stack.log,
    )
    secretariat.go(f"/sekretariat/putaran/{ROUND}/penghargaan/")
    secretariat.check("penghargaan")
    ((code, number),) = stack.query(
        "SELECT code, number FROM documents_issueddocument WHERE kind = 'certificate'"
        " AND \"values\"::text LIKE '%%Pulang Bawa Akta%%'"
    )
    answer = secretariat.page.request.get(f"/piagam/{code}.pdf")
    assert answer.status == 200
    text, qr = _read_pdf(answer.body(), tmp_path)
    assert "Dinas Kependudukan dan Pencatatan Sipil" in text
    assert "Pulang Bawa Akta" in text
    assert "Juara I" in text
    assert number in text
    assert qr == f"{stack.base_url}/verifikasi/{code}/"
    return qr


def _verify(secretariat, visit, address):
    public = visit()
    public.go("/verifikasi/")
    public.check("verifikasi")
    public.go(address)
    assert public.page.locator(".verdict--ok").count() == 1
    public.check("verifikasi-sah")
    answer = public.page.goto("/verifikasi/ZZZZ-ZZZZ-ZZZZ-ZZZZ/")
    assert answer.status == 404
    assert public.page.locator(".verdict--mute").count() == 1
    public.check("verifikasi-tidak-ditemukan")

    secretariat.go(f"/sekretariat/putaran/{ROUND}/penghargaan/")
    secretariat.page.locator("a[href$='/cabut/']").last.click()
    secretariat.page.fill("[name=reason]", "Data dalam proposal terbukti tidak benar.")
    secretariat.page.fill("[name=confirmation]", "CABUT")
    secretariat.check("cabut-penghargaan")
    secretariat.submit("main form.panel")
    revoked = secretariat.stack.query(
        "SELECT code FROM documents_issueddocument WHERE state = 'revoked'"
    )
    assert len(revoked) == 1
    public.go(f"/verifikasi/{revoked[0][0]}/")
    assert public.page.locator(".verdict--bad").count() == 1
    public.check("verifikasi-dicabut")


def _check_public_pages(visit):
    public = visit()
    public.go(f"/kompetisi/{ROUND}/pemenang/")
    assert "Pulang Bawa Akta" in public.page.locator("main").inner_text()
    revoked = public.page.locator("section[aria-labelledby=h-revoked]")
    assert "Jesika" in revoked.inner_text()
    assert "Pulang Bawa Akta" not in revoked.inner_text()
    public.check("pemenang")
    public.go("/inovasi/")
    public.check("katalog")
    public.click_link("Pulang Bawa Akta")
    public.check("inovasi")
    for path, name in [
        ("/", "depan"),
        ("/kompetisi/", "kompetisi"),
        (f"/kompetisi/{ROUND}/", "putaran"),
        ("/pengumuman/", "pengumuman"),
        ("/bantuan/", "bantuan"),
        ("/privasi/", "privasi"),
        ("/akun/masuk/", "masuk"),
        ("/akun/sandi/lupa/", "sandi-lupa"),
    ]:
        public.go(path)
        public.check(name)


def _check_receipt(stack, author, code, tmp_path):
    wait_until(
        lambda: stack.query(
            "SELECT 1 FROM documents_issueddocument d JOIN submissions_proposal p"
            " ON d.subject_key LIKE 'proposal:' || p.id || ':%%'"
            " WHERE kind = 'receipt' AND rendered_at IS NOT NULL AND p.code = %s",
            code,
        ),
        60,
        stack.log,
    )
    answer = author.page.request.get(f"/proposal/{code}/tanda-terima.pdf")
    text, _qr = _read_pdf(answer.body(), tmp_path)
    ((number, digest),) = stack.query(
        "SELECT receipt_number, digest FROM submissions_proposal WHERE code = %s", code
    )
    assert number in text
    assert digest in text.replace("\n", "").replace(" ", "")


def _check_mails(stack, first: int):
    """Each person was told once of each thing; the clock told the winner."""
    wait_until(lambda: stack.mailbox.to("opd@tegal.example", "Juara I"), 90, stack.log)
    wait_until(
        lambda: (
            stack.query(
                "SELECT count(*) FROM notifications_delivery WHERE state <> 'sent'"
            )
            == [(0,)]
        ),
        60,
        stack.log,
    )
    subjects = [(str(m["To"]), str(m["Subject"])) for m in stack.mailbox.mails[first:]]
    doubles = {each for each in subjects if subjects.count(each) > 1}
    assert doubles == set()
    assert stack.mailbox.to("kepala.opd@tegal.example", "Pulang Bawa Akta")
    assert stack.mailbox.to("juri5@tegal.example")


def _read_pdf(content: bytes, folder: Path) -> tuple[str, str]:
    """The words of a PDF, and what the QR code on its first page says."""
    path = folder / "dokumen.pdf"
    path.write_bytes(content)
    text = _run("pdftotext", "-layout", str(path), "-")
    _run("pdftoppm", "-r", "150", "-png", "-singlefile", str(path), str(folder / "p"))
    qr = subprocess.run(
        ["zbarimg", "--quiet", "--raw", str(folder / "p.png")],
        capture_output=True,
        text=True,
        check=False,
    )
    return " ".join(text.split()), qr.stdout.strip()


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
