from django.urls import path

from judging import views

app_name = "judging"

urlpatterns = [
    path("penilaian/", views.assignment_list, name="assignment_list"),
    path("penilaian/panel/<slug:round_slug>/", views.panel_accept, name="panel_accept"),
    path("penilaian/<slug:key>/", views.sheet_edit, name="sheet_edit"),
    path("penilaian/<slug:key>/selesai/", views.sheet_finalise, name="sheet_finalise"),
    path(
        "penilaian/<slug:key>/benturan/", views.conflict_create, name="conflict_create"
    ),
    path(
        "penilaian/<slug:key>/berkas/<slug:evidence_key>/",
        views.sheet_evidence,
        name="sheet_evidence",
    ),
    path(
        "sekretariat/putaran/<slug:round_slug>/juri/",
        views.juror_list,
        name="juror_list",
    ),
    path(
        "sekretariat/putaran/<slug:round_slug>/juri/tugaskan/",
        views.assignment_create,
        name="assignment_create",
    ),
    path(
        "sekretariat/putaran/<slug:round_slug>/juri/<slug:key>/",
        views.juror_detail,
        name="juror_detail",
    ),
    path(
        "sekretariat/putaran/<slug:round_slug>/juri/<slug:key>/ingatkan/",
        views.juror_remind,
        name="juror_remind",
    ),
    path(
        "sekretariat/lembar/<slug:key>/buka/", views.sheet_reopen, name="sheet_reopen"
    ),
    path(
        "sekretariat/putaran/<slug:round_slug>/peringkat/",
        views.ranking,
        name="ranking",
    ),
    path(
        "sekretariat/putaran/<slug:round_slug>/peringkat/segel/",
        views.result_seal,
        name="result_seal",
    ),
    path(
        "sekretariat/putaran/<slug:round_slug>/peringkat/<slug:code>/",
        views.ranking_detail,
        name="ranking_detail",
    ),
    path(
        "sekretariat/putaran/<slug:round_slug>/peringkat.csv",
        views.ranking_export,
        name="ranking_export",
    ),
    path(
        "sekretariat/putaran/<slug:round_slug>/kalibrasi/",
        views.calibration,
        name="calibration",
    ),
    path(
        "sekretariat/putaran/<slug:round_slug>/hasil/",
        views.result_detail,
        name="result_detail",
    ),
    path(
        "sekretariat/putaran/<slug:round_slug>/hasil.zip",
        views.result_export,
        name="result_export",
    ),
]
