from django.urls import path

from documents import views

app_name = "documents"
urlpatterns = [
    path("verifikasi/", views.verify, name="verify"),
    path("verifikasi/<str:code>/", views.verify_code, name="verify_code"),
    path("sekretariat/dokumen/", views.document_list, name="document_list"),
    path("dokumen/<str:code>.pdf", views.document_file, name="document_file"),
    path("dokumen/<str:code>/cabut/", views.document_revoke, name="document_revoke"),
    path(
        "sekretariat/berkas-cetak/<uuid:key>/", views.batch_detail, name="batch_detail"
    ),
]
