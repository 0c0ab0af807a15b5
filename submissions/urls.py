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
        "proposal/<str:code>/bagian/<slug:section>/berkas/",
        views.evidence_create,
        name="evidence_create",
    ),
    path(
        "proposal/<str:code>/bagian/<slug:section>/tautan/",
        views.link_create,
        name="link_create",
    ),
    path("tautan/<str:key>/hapus/", views.link_delete, name="link_delete"),
    path("proposal/<str:code>/pernyataan/", views.consent_edit, name="consent_edit"),
    path("berkas/<str:key>/", views.evidence_file, name="evidence_file"),
    path("berkas/<str:key>/hapus/", views.evidence_delete, name="evidence_delete"),
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
        "sekretariat/putaran/<slug:round>/proposal/",
        views.screening_list,
        name="screening_list",
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
        "sekretariat/proposal/<str:code>/buka-kembali/",
        views.proposal_reopen,
        name="proposal_reopen",
    ),
    path(
        "sekretariat/proposal/<str:code>/diskualifikasi/",
        views.proposal_disqualify,
        name="proposal_disqualify",
    ),
]
