"""Rounds: the public's pages and the secretariat's set-up."""

from django.urls import path

from competitions import views

app_name = "competitions"
urlpatterns = [
    path("kompetisi/", views.round_list, name="round_list"),
    path("kompetisi/<slug:round>/", views.round_detail, name="round_detail"),
    path(
        "kompetisi/<slug:round>/kalender.ics",
        views.round_calendar,
        name="round_calendar",
    ),
    path("kegiatan/", views.event_list, name="event_list"),
    path("kegiatan/<slug:event>/", views.event_detail, name="event_detail"),
    path(
        "kegiatan/<slug:event>/kegiatan.ics",
        views.event_calendar,
        name="event_calendar",
    ),
    path(
        "kegiatan/<slug:event>/daftar/",
        views.registration_create,
        name="registration_create",
    ),
    path(
        "kegiatan/<slug:event>/batal/",
        views.registration_cancel,
        name="registration_cancel",
    ),
    path("lampiran/<str:key>/", views.attachment_file, name="attachment_file"),
    path(
        "lampiran/<str:key>/hapus/", views.attachment_delete, name="attachment_delete"
    ),
    path("hadir/<str:code>/", views.attendance_mark, name="attendance_mark"),
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
        views.form_edit,
        name="form_edit",
    ),
    path(
        "sekretariat/putaran/<slug:round>/atur/kelompok/",
        views.group_list,
        name="group_list",
    ),
    path(
        "sekretariat/putaran/<slug:round>/atur/formulir/pratinjau/",
        views.form_preview,
        name="form_preview",
    ),
    path(
        "sekretariat/putaran/<slug:round>/atur/syarat/",
        views.requirement_list,
        name="requirement_list",
    ),
    path(
        "sekretariat/putaran/<slug:round>/atur/penghargaan/",
        views.award_list,
        name="award_list",
    ),
    path(
        "sekretariat/putaran/<slug:round>/atur/juri/",
        views.jury_edit,
        name="jury_edit",
    ),
    path(
        "sekretariat/putaran/<slug:round>/atur/aturan/<slug:kind>/",
        views.round_rules,
        name="round_rules",
    ),
    path(
        "sekretariat/putaran/<slug:round>/atur/seri/",
        views.link_create,
        name="link_create",
    ),
    path(
        "sekretariat/putaran/<slug:round>/atur/isi/<str:key>/",
        views.entry_create,
        name="entry_create",
    ),
    path(
        "sekretariat/putaran/<slug:round>/atur/isi/<str:key>/<str:code>/",
        views.entry_edit,
        name="entry_edit",
    ),
    path(
        "sekretariat/putaran/<slug:round>/atur/isi/<str:key>/<str:code>/pindah/",
        views.entry_move,
        name="entry_move",
    ),
    path(
        "sekretariat/putaran/<slug:round>/atur/isi/<str:key>/<str:code>/hapus/",
        views.entry_delete,
        name="entry_delete",
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
    path(
        "sekretariat/putaran/<slug:round>/atur/jadwal/<slug:kind>/perpanjang/",
        views.stage_extend,
        name="stage_extend",
    ),
    path(
        "sekretariat/putaran/<slug:round>/atur/pengecualian/",
        views.exception_list,
        name="exception_list",
    ),
    path(
        "sekretariat/putaran/<slug:round>/atur/pengecualian/<str:key>/cabut/",
        views.exception_withdraw,
        name="exception_withdraw",
    ),
    path(
        "sekretariat/putaran/<slug:round>/atur/berkas/",
        views.guideline_edit,
        name="guideline_edit",
    ),
    path(
        "sekretariat/putaran/<slug:round>/pengumuman/<slug:slug>/ubah/",
        views.announcement_edit,
        name="announcement_edit",
    ),
    path(
        "sekretariat/putaran/<slug:round>/pengumuman/<slug:slug>/hapus/",
        views.announcement_delete,
        name="announcement_delete",
    ),
    path(
        "sekretariat/putaran/<slug:round>/kegiatan/",
        views.event_admin_list,
        name="event_admin_list",
    ),
    path(
        "sekretariat/putaran/<slug:round>/kegiatan/baru/",
        views.event_create,
        name="event_create",
    ),
    path(
        "sekretariat/putaran/<slug:round>/kegiatan/<slug:event>/ubah/",
        views.event_edit,
        name="event_edit",
    ),
    path(
        "sekretariat/putaran/<slug:round>/kegiatan/<slug:event>/batalkan/",
        views.event_cancel,
        name="event_cancel",
    ),
    path(
        "sekretariat/putaran/<slug:round>/kegiatan/<slug:event>/hadir/",
        views.attendance_list,
        name="attendance_list",
    ),
    path(
        "sekretariat/putaran/<slug:round>/kegiatan/<slug:event>/daftar-hadir/",
        views.attendance_paper,
        name="attendance_paper",
    ),
]
