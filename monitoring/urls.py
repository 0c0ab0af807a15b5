"""Overviews: the secretariat's of a round, the leader's of all."""

from django.urls import path

from monitoring import views

app_name = "monitoring"
urlpatterns = [
    path("sekretariat/pesan/siaran/", views.broadcast_list, name="broadcast_list"),
    path(
        "sekretariat/pesan/siaran/baru/",
        views.broadcast_create,
        name="broadcast_create",
    ),
    path(
        "sekretariat/pesan/siaran/<slug:key>/",
        views.broadcast_detail,
        name="broadcast_detail",
    ),
    path(
        "sekretariat/pesan/siaran/<slug:key>/ubah/",
        views.broadcast_edit,
        name="broadcast_edit",
    ),
    path(
        "sekretariat/pesan/siaran/<slug:key>/uji/",
        views.broadcast_try,
        name="broadcast_try",
    ),
    path(
        "sekretariat/pesan/siaran/<slug:key>/kirim/",
        views.broadcast_order,
        name="broadcast_order",
    ),
    path(
        "sekretariat/pesan/siaran/<slug:key>/batal/",
        views.broadcast_undo,
        name="broadcast_undo",
    ),
    path(
        "sekretariat/pesan/siaran/<slug:key>/hapus/",
        views.broadcast_delete,
        name="broadcast_delete",
    ),
    path("siaran/<slug:key>/", views.broadcast_read, name="broadcast_read"),
    path(
        "sekretariat/putaran/<slug:round>/",
        views.round_dashboard,
        name="round_dashboard",
    ),
    path(
        "sekretariat/putaran/<slug:round>/penyelamatan/",
        views.rescue_board,
        name="rescue_board",
    ),
    path(
        "sekretariat/putaran/<slug:round>/penyelamatan/belum-mulai/",
        views.rescue_absent,
        name="rescue_absent",
    ),
    path(
        "sekretariat/putaran/<slug:round>/penyelamatan/72-jam/",
        views.rescue_hours,
        name="rescue_hours",
    ),
    path(
        "sekretariat/putaran/<slug:round>/penyelamatan/tren/",
        views.rescue_trend,
        name="rescue_trend",
    ),
    path(
        "sekretariat/putaran/<slug:round>/penyelamatan/proposal/<str:proposal>/",
        views.rescue_proposal,
        name="rescue_proposal",
    ),
    path(
        "sekretariat/putaran/<slug:round>/penyelamatan/instansi/<str:institution>/",
        views.rescue_institution,
        name="rescue_institution",
    ),
    path(
        "sekretariat/putaran/<slug:round>/penyelamatan/proposal/<str:proposal>/ingatkan/",
        views.rescue_remind,
        name="rescue_proposal_remind",
    ),
    path(
        "sekretariat/putaran/<slug:round>/penyelamatan/proposal/<str:proposal>/catat/",
        views.rescue_note,
        name="rescue_proposal_note",
    ),
    path(
        "sekretariat/putaran/<slug:round>/penyelamatan/instansi/<str:institution>/ingatkan/",
        views.rescue_remind,
        name="rescue_institution_remind",
    ),
    path(
        "sekretariat/putaran/<slug:round>/penyelamatan/instansi/<str:institution>/catat/",
        views.rescue_note,
        name="rescue_institution_note",
    ),
    path(
        "sekretariat/putaran/<slug:round>/penyelamatan/ingatkan/draf/",
        views.rescue_all,
        {"what": "draf"},
        name="rescue_all_drafts",
    ),
    path(
        "sekretariat/putaran/<slug:round>/penyelamatan/ingatkan/belum-mulai/",
        views.rescue_all,
        {"what": "belum-mulai"},
        name="rescue_all_absent",
    ),
    path("pimpinan/", views.leader_overview, name="leader_overview"),
    path("pimpinan/<slug:round>/", views.leader_round, name="leader_round"),
]
