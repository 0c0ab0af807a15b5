from django.urls import path

from submissions import views

app_name = "submissions"
urlpatterns = [
    path("proposal/", views.proposal_list, name="proposal_list"),
    path("proposal/baru/<slug:round>/", views.proposal_create, name="proposal_create"),
    path("proposal/<str:code>/", views.proposal_detail, name="proposal_detail"),
    path("proposal/<str:code>/data/", views.header_edit, name="header_edit"),
    path(
        "proposal/<str:code>/bagian/<slug:section>/",
        views.section_edit,
        name="section_edit",
    ),
    path(
        "proposal/<str:code>/bagian/<slug:section>/riwayat/",
        views.section_history,
        name="section_history",
    ),
    path(
        "proposal/<str:code>/bagian/<slug:section>/berkas/",
        views.evidence_create,
        name="evidence_create",
    ),
    path(
        "proposal/<str:code>/bagian/<slug:section>/tautan/",
        views.link_create,
        name="link_create",
    ),
    path(
        "proposal/<str:code>/bagian/<slug:section>/tautan/periksa/",
        views.link_check,
        name="link_check",
    ),
    path("tautan/<str:key>/hapus/", views.link_delete, name="link_delete"),
    path("proposal/<str:code>/pernyataan/", views.consent_edit, name="consent_edit"),
    path("berkas/<str:key>/", views.evidence_file, name="evidence_file"),
    path("berkas/<str:key>/gambar/", views.evidence_preview, name="evidence_preview"),
    path("proposal/<str:code>/unggahan/", views.upload_begin, name="upload_begin"),
    path("proposal/<str:code>/proposal.pdf", views.proposal_file, name="proposal_file"),
    path(
        "proposal/<str:code>/berkas.zip",
        views.proposal_archive,
        name="proposal_archive",
    ),
    path("proposal/<str:code>/sinovik/", views.national_texts, name="national_texts"),
    path(
        "proposal/<str:code>/sinovik.zip",
        views.national_texts_file,
        name="national_texts_file",
    ),
    path(
        "sekretariat/putaran/<slug:round>/berkas.zip",
        views.round_archive,
        name="round_archive",
    ),
    path(
        "sekretariat/putaran/<slug:round>/tabel/",
        views.proposal_table_page,
        name="proposal_table",
    ),
    path(
        "sekretariat/putaran/<slug:round>/iga/",
        views.innovation_index_page,
        name="innovation_index",
    ),
    path(
        "sekretariat/putaran/<slug:round>/iga.xlsx",
        views.innovation_index_file,
        name="innovation_index_file",
    ),
    path("unggahan/<str:key>/", views.upload_part, name="upload_part"),
    path("unggahan/<str:key>/batal/", views.upload_cancel, name="upload_cancel"),
    path("berkas/<str:key>/hapus/", views.evidence_delete, name="evidence_delete"),
    path("proposal/<str:code>/berkas-lama/", views.source_files, name="source_files"),
    path("proposal/<str:code>/surat/", views.letter_list, name="letter_list"),
    path(
        "proposal/<str:code>/surat/<slug:kind>/templat/",
        views.letter_template,
        name="letter_template",
    ),
    path(
        "proposal/<str:code>/surat/<slug:kind>/templat.pdf",
        views.letter_file,
        name="letter_file",
    ),
    path("proposal/<str:code>/periksa/", views.proposal_check, name="proposal_check"),
    path("proposal/<str:code>/kirim/", views.proposal_send, name="proposal_send"),
    path(
        "proposal/<str:code>/dukung/", views.proposal_endorse, name="proposal_endorse"
    ),
    path(
        "proposal/<str:code>/kembalikan/",
        views.proposal_return,
        name="proposal_return",
    ),
    path(
        "proposal/<str:code>/terlambat/<slug:part>/",
        views.late_take,
        name="late_take",
    ),
    path(
        "sekretariat/putaran/<slug:round>/terlambat/",
        views.late_list,
        name="late_list",
    ),
    path(
        "sekretariat/proposal/<str:code>/terlambat/",
        views.late_admit,
        name="late_admit",
    ),
    path("catatan/<str:key>/", views.note_settle, name="note_settle"),
    path(
        "proposal/<str:code>/tarik/",
        views.proposal_withdraw,
        name="proposal_withdraw",
    ),
    path(
        "proposal/<str:code>/tanda-terima/",
        views.receipt_detail,
        name="receipt_detail",
    ),
    path(
        "proposal/<str:code>/tanda-terima.pdf", views.receipt_file, name="receipt_file"
    ),
    path(
        "proposal/<str:code>/tanda-terima/daftar.txt",
        views.receipt_list,
        name="receipt_list",
    ),
    path(
        "proposal/<str:code>/tanda-terima/isi/<path:name>",
        views.receipt_part,
        name="receipt_part",
    ),
    path(
        "sekretariat/putaran/<slug:round>/proposal/",
        views.screening_list,
        name="screening_list",
    ),
    path(
        "sekretariat/putaran/<slug:round>/proposal/periksa-ulang/",
        views.screening_refresh,
        name="screening_refresh",
    ),
    path(
        "sekretariat/putaran/<slug:round>/proposal/sekaligus/",
        views.screening_bulk,
        name="screening_bulk",
    ),
    path(
        "sekretariat/putaran/<slug:round>/hasil-verifikasi/",
        views.screening_publish,
        name="screening_publish",
    ),
    path(
        "sekretariat/putaran/<slug:round>/sanggahan/",
        views.objection_list,
        name="objection_list",
    ),
    path(
        "sekretariat/putaran/<slug:round>/atur/pengingat/",
        views.reminder_list,
        name="reminder_list",
    ),
    path(
        "sekretariat/putaran/<slug:round>/atur/pengingat/<slug:key>/",
        views.reminder_edit,
        name="reminder_edit",
    ),
    path(
        "sekretariat/putaran/<slug:round>/atur/pengingat/<slug:key>/hapus/",
        views.reminder_delete,
        name="reminder_delete",
    ),
    path(
        "sekretariat/putaran/<slug:round>/undangan-kelompok/",
        views.invitation_list,
        name="invitation_list",
    ),
    path(
        "sekretariat/undangan-kelompok/<str:key>/hapus/",
        views.invitation_end,
        name="invitation_end",
    ),
    path(
        "sekretariat/proposal/<str:code>/verifikasi/",
        views.screening_edit,
        name="screening_edit",
    ),
    path(
        "sekretariat/proposal/<str:code>/verifikasi/batalkan/",
        views.screening_take_back,
        name="screening_take_back",
    ),
    path(
        "sekretariat/proposal/<str:code>/verifikasi/setujui/",
        views.screening_confirm,
        name="screening_confirm",
    ),
    path(
        "sekretariat/proposal/<str:code>/verifikasi/tolak/",
        views.screening_send_back,
        name="screening_send_back",
    ),
    path(
        "sekretariat/proposal/<str:code>/verifikasi/umumkan/",
        views.screening_publish_one,
        name="screening_publish_one",
    ),
    path(
        "sekretariat/proposal/<str:code>/perbaikan/",
        views.proposal_correct,
        name="proposal_correct",
    ),
    path(
        "proposal/<str:code>/sanggahan/",
        views.objection_detail,
        name="objection_detail",
    ),
    path(
        "sekretariat/proposal/<str:code>/sanggahan/",
        views.objection_answer,
        name="objection_answer",
    ),
    path(
        "sekretariat/proposal/<str:code>/sanggahan/setujui/",
        views.objection_confirm,
        name="objection_confirm",
    ),
    path(
        "sekretariat/proposal/<str:code>/sanggahan/tolak/",
        views.objection_send_back,
        name="objection_send_back",
    ),
    path("berkas-sanggahan/<str:key>/", views.objection_file, name="objection_file"),
    path(
        "sekretariat/proposal/<str:code>/buka-kembali/",
        views.proposal_reopen,
        name="proposal_reopen",
    ),
    path(
        "sekretariat/proposal/<str:code>/diskualifikasi/",
        views.proposal_disqualify,
        name="proposal_disqualify",
    ),
    path(
        "sekretariat/proposal/<str:code>/tarik/",
        views.proposal_take_out,
        name="proposal_take_out",
    ),
]
