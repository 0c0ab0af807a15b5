"""Overviews: the secretariat's of a round, the leader's of all."""

from django.urls import path

from monitoring import views

app_name = "monitoring"
urlpatterns = [
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
