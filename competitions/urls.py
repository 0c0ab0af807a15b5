"""Rounds: the public's pages and the secretariat's set-up."""

from django.urls import path

from competitions import views

app_name = "competitions"
urlpatterns = [
    path("kompetisi/", views.round_list, name="round_list"),
    path("kompetisi/<slug:round>/", views.round_detail, name="round_detail"),
    path("pengumuman/", views.announcement_list, name="announcement_list"),
    path(
        "pengumuman/<slug:slug>/", views.announcement_detail, name="announcement_detail"
    ),
    path("sekretariat/putaran/", views.round_admin_list, name="round_admin_list"),
    path("sekretariat/putaran/baru/", views.round_create, name="round_create"),
    path(
        "sekretariat/putaran/<slug:round>/atur/", views.round_setup, name="round_setup"
    ),
    path(
        "sekretariat/putaran/<slug:round>/atur/dasar/",
        views.round_edit,
        name="round_edit",
    ),
    path(
        "sekretariat/putaran/<slug:round>/atur/jadwal/",
        views.stage_edit,
        name="stage_edit",
    ),
    path(
        "sekretariat/putaran/<slug:round>/atur/bobot/",
        views.criterion_edit,
        name="criterion_edit",
    ),
    path(
        "sekretariat/putaran/<slug:round>/atur/formulir/",
        views.form_preview,
        name="form_preview",
    ),
    path(
        "sekretariat/putaran/<slug:round>/atur/buka/",
        views.round_open,
        name="round_open",
    ),
    path(
        "sekretariat/putaran/<slug:round>/pengumuman/baru/",
        views.announcement_create,
        name="announcement_create",
    ),
]
