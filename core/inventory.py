"""Sample data of the page that shows all components; only for development."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace as Sample
from typing import Any

from django import forms
from django.core.paginator import Paginator

TOKENS = [
    "primary",
    "primary-soft",
    "accent",
    "accent-soft",
    "ok",
    "ok-soft",
    "warn",
    "warn-soft",
    "bad",
    "bad-soft",
    "ink",
    "ink-2",
    "line",
    "line-strong",
    "canvas",
    "surface-2",
    "chart-1",
    "chart-2",
    "chart-3",
    "chart-4",
    "chart-5",
]


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(
        label="Nama inovasi",
        help_text="Singkat dan mudah diingat, paling banyak 60 huruf.",
        initial="Pulang Bawa Akta",
    )
    field = forms.ChoiceField(
        label="Bidang layanan", choices=[("adm", "Administrasi kependudukan")]
    )
    start = forms.CharField(label="Mulai berjalan")
    answer = forms.CharField(
        label="Hasil yang terukur",
        help_text="Tulis minimal satu angka sebelum dan sesudah inovasi.",
        widget=forms.Textarea(attrs={"rows": 4, "data-words": "12"}),
    )
    weight = forms.DecimalField(
        label="Bobot", widget=forms.TextInput(attrs={"data-suffix": "%"})
    )
    before = forms.ChoiceField(
        label="Sudah pernah ikut KIPP?",
        choices=[("ya", "Ya"), ("belum", "Belum")],
        widget=forms.RadioSelect,
    )
    groups = forms.MultipleChoiceField(
        label="Kelompok yang terbantu",
        help_text="Pilih semua yang sesuai.",
        choices=[("p", "Perempuan dan anak"), ("d", "Penyandang disabilitas")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    letter = forms.FileField(
        label="Surat pernyataan", help_text="PDF, paling besar 5 MB.", required=False
    )
    password = forms.CharField(label="Kata sandi", widget=forms.PasswordInput)
    agree = forms.BooleanField(label="Data yang saya isi benar")

    def clean_start(self) -> str:
        """Refuse a year without its month."""
        raise forms.ValidationError("Tulis bulan dan tahun, misalnya Januari 2021.")


class UploadForm(forms.Form):
    """The file field of the drop zone."""

    attachment = forms.FileField(
        label="Pilih berkas", help_text="PDF, JPG, atau PNG. Paling besar 20 MB."
    )


def sample_context(now: datetime, page: int) -> dict[str, Any]:
    """Give the context of the inventory page."""
    filled = {
        "name": "Pulang Bawa Akta",
        "field": "adm",
        "start": "2021",
        "answer": "Kepemilikan akta dalam 30 hari naik dari 58 persen pada 2020 "
        "menjadi 94 persen pada 2021 di semua kelurahan",
        "weight": "25",
        "groups": ["p"],
        "agree": "on",
    }
    phases = _phases()
    return {
        "tokens": TOKENS,
        "sample_form": SampleForm(auto_id="id_%s"),
        "bound_form": SampleForm(filled, auto_id="galat_%s"),
        "upload_form": UploadForm(),
        "page": Paginator(range(480), 50).get_page(page),
        "until": now + timedelta(days=8, hours=5, minutes=18),
        "now": now,
        "phases": phases,
        "phase_now": phases[2],
        "tasks": _tasks(),
        "sections": _sections(),
        "stats": _stats(),
        "units": _units(),
        "files": _files(),
        "tabs": [
            Sample(label="Semua", url="?", current=True, count=38),
            Sample(label="Perlu perbaikan", url="?saring=perbaikan", count=2),
            Sample(label="Lolos", url="?saring=lolos", count=36),
        ],
        "days": [
            (str(day), count)
            for day, count in zip(
                range(18, 32),
                (1, 0, 0, 2, 1, 2, 3, 2, 0, 0, 4, 5, 7, 11),
                strict=True,
            )
        ],
        "ranges": [
            ("Juri 1", 68, 77.7, 86.5),
            ("Juri 2", 74.5, 83.1, 91),
            ("Juri 3", 61, 77.1, 89.5),
            ("Juri 4", 71, 80.1, 88.5),
        ],
        "fields": [("Kesehatan", 24), ("Kependudukan", 18), ("Perizinan", 14)],
        "calendar": [
            ("Pengajuan", date(2023, 2, 1), date(2023, 3, 31)),
            ("Verifikasi", date(2023, 4, 3), date(2023, 4, 14)),
            ("Penilaian", date(2023, 5, 2), date(2023, 5, 26)),
        ],
        "long_text": "Paragraf pertama.\nBaris kedua.\n\nParagraf <kedua>.",
    }


def _phases() -> list[Sample]:
    return [
        Sample(label="Kick-off", when="31 Januari", state="done"),
        Sample(label="Pengajuan proposal", when="1 Februari – 31 Maret", state="done"),
        Sample(label="Verifikasi administrasi", when="1 – 14 April", state="now"),
        Sample(label="Penilaian proposal", when="18 April – 13 Mei", state="next"),
        Sample(label="Presentasi dan pleno", when="23 – 31 Mei", state="next"),
        Sample(label="Pengumuman juara", when="10 Juni", state="next"),
    ]


def _tasks() -> list[Sample]:
    return [
        Sample(label="Profil inovasi", url="#", state_label="Lengkap", variant="ok"),
        Sample(label="Signifikansi", url="#", state_label="Sebagian", variant="info"),
        Sample(label="Keberlanjutan", url="#", state_label="Belum diisi"),
        Sample(
            label="Kirim proposal",
            url="",
            state_label="Belum dapat dimulai",
            icon_name="lock-fill",
        ),
    ]


def _sections() -> list[Sample]:
    return [
        Sample(
            label="Isi proposal",
            items=[
                Sample(label="Ringkasan", url="#", state="done"),
                Sample(label="Ide inovatif", url="#", state="bad"),
                Sample(label="Signifikansi", url="#", state="part", current=True),
                Sample(label="Adaptabilitas", url="#", state="empty"),
            ],
        ),
        Sample(
            label="Kirim",
            items=[
                Sample(label="Pengesahan", url="", state="locked"),
                Sample(label="Periksa dan kirim", url="#", state="send"),
            ],
        ),
    ]


def _stats() -> list[Sample]:
    return [
        Sample(
            label="OPD ikut serta",
            value="26",
            unit="dari 31",
            part=26,
            whole=31,
            note="84%, naik dari 22 OPD tahun 2021",
        ),
        Sample(
            label="Proposal terkirim", value="38", part=36, whole=38, note="36 lolos"
        ),
        Sample(
            label="Penilaian selesai",
            value="94",
            unit="dari 180",
            part=94,
            whole=180,
            note="52%, lebih cepat dari rencana",
        ),
        Sample(label="Sisa waktu", value="15", unit="hari", part=10, whole=25),
    ]


def _units() -> list[Sample]:
    return [
        Sample(label="Sekretariat DPRD", note="Belum ikut", is_in=False),
        Sample(label="Satpol PP", note="Belum ikut", is_in=False),
        Sample(label="Dinas Kesehatan", note="3 proposal", is_in=True),
        Sample(label="Dinas Kominfo", note="1 proposal", is_in=True),
        Sample(label="RSUD", note="2 proposal", is_in=True),
    ]


def _files() -> list[Sample]:
    return [
        Sample(
            label="surat-pernyataan.pdf",
            url="#",
            size=655360,
            kind="file-earmark-pdf",
            note="diunggah 22 Maret",
            tag_label="Aman dan tersimpan",
            delete_url="#",
        ),
        Sample(
            label="data-mentah.xlsx",
            size=0,
            kind="file-earmark-x",
            error="Jenis berkas ini tidak diterima. Simpan sebagai PDF, lalu unggah "
            "kembali.",
        ),
    ]
