from django.urls import path

from documents import views

app_name = "documents"
urlpatterns = [
    path("verifikasi/", views.verify, name="verify"),
    path("verifikasi/berkas/", views.verify_file, name="verify_file"),
    path("verifikasi/<str:code>/", views.verify_code, name="verify_code"),
    path("sekretariat/dokumen/", views.document_list, name="document_list"),
    path("dokumen/<str:code>.pdf", views.document_file, name="document_file"),
    path(
        "dokumen/<str:code>/asli.pdf", views.document_original, name="document_original"
    ),
    path("dokumen/<str:code>/tanda-tangan/", views.document_sign, name="document_sign"),
    path("dokumen/<str:code>/", views.document_detail, name="document_detail"),
    path("dokumen/<str:code>/ulang/", views.document_retry, name="document_retry"),
    path("dokumen/<str:code>/cabut/", views.document_revoke, name="document_revoke"),
    path("dokumen/<str:code>/ganti/", views.document_replace, name="document_replace"),
    path(
        "sekretariat/berkas-cetak/<uuid:key>/", views.batch_detail, name="batch_detail"
    ),
    path(
        "sekretariat/berkas-cetak/<uuid:key>.zip",
        views.batch_archive,
        name="batch_archive",
    ),
    path(
        "sekretariat/pemerintah/<slug:government>/tanda-tangan/",
        views.signing_list,
        name="signing_list",
    ),
    path(
        "sekretariat/pemerintah/<slug:government>/nomor-dokumen/",
        views.number_list,
        name="number_list",
    ),
    path(
        "sekretariat/pemerintah/<slug:government>/nomor-dokumen/<slug:kind>/",
        views.number_edit,
        name="number_edit",
    ),
]
