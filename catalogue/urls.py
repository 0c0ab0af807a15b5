from django.urls import path

from catalogue import views

app_name = "catalogue"

urlpatterns = [
    path("inovasi/", views.entry_list, name="entry_list"),
    path("inovasi/<slug:slug>/", views.entry_detail, name="entry_detail"),
    path("register-inovasi/", views.innovation_list, name="innovation_list"),
    path(
        "register-inovasi/<slug:innovation>/",
        views.innovation_detail,
        name="innovation_detail",
    ),
    path(
        "register-inovasi/<slug:innovation>/status/",
        views.status_edit,
        name="status_edit",
    ),
    path(
        "register-inovasi/<slug:innovation>/prestasi/",
        views.achievement_create,
        name="achievement_create",
    ),
    path(
        "register-inovasi/prestasi/<str:key>/ubah/",
        views.achievement_edit,
        name="achievement_edit",
    ),
    path(
        "register-inovasi/prestasi/<str:key>/hapus/",
        views.achievement_delete,
        name="achievement_delete",
    ),
    path(
        "register-inovasi/prestasi/<str:key>/sahkan/",
        views.achievement_confirm,
        name="achievement_confirm",
    ),
    path(
        "register-inovasi/prestasi/<str:key>/bukti/",
        views.achievement_file,
        name="achievement_file",
    ),
    path(
        "register-inovasi/<slug:innovation>/pemilik/",
        views.joint_owner_create,
        name="joint_owner_create",
    ),
    path(
        "register-inovasi/pemilik/<str:key>/setujui/",
        views.joint_owner_confirm,
        name="joint_owner_confirm",
    ),
    path(
        "register-inovasi/pemilik/<str:key>/akhiri/",
        views.joint_owner_end,
        name="joint_owner_end",
    ),
    path(
        "register-inovasi/<slug:innovation>/hentikan/",
        views.innovation_retire,
        name="innovation_retire",
    ),
    path(
        "register-inovasi/<slug:innovation>/pakai-lagi/",
        views.innovation_revive,
        name="innovation_revive",
    ),
    path(
        "register-inovasi/<slug:innovation>/gabung/",
        views.innovation_merge,
        name="innovation_merge",
    ),
]
