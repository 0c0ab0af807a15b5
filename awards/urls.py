from django.urls import path

from awards import views

app_name = "awards"

urlpatterns = [
    path(
        "sekretariat/putaran/<slug:round_slug>/penghargaan/",
        views.award_list,
        name="award_list",
    ),
    path(
        "sekretariat/putaran/<slug:round_slug>/penghargaan/beri/",
        views.award_give,
        name="award_give",
    ),
    path(
        "sekretariat/putaran/<slug:round_slug>/penghargaan/favorit/",
        views.favourite_choose,
        name="favourite_choose",
    ),
    path(
        "sekretariat/putaran/<slug:round_slug>/penghargaan/sk/",
        views.decree_edit,
        name="decree_edit",
    ),
    path(
        "sekretariat/putaran/<slug:round_slug>/penghargaan/piagam/",
        views.certificate_issue,
        name="certificate_issue",
    ),
    path(
        "sekretariat/penghargaan/<slug:key>/cabut/",
        views.award_revoke,
        name="award_revoke",
    ),
    path(
        "sekretariat/putaran/<slug:round_slug>/penghargaan/umpan-balik/",
        views.feedback_list,
        name="feedback_list",
    ),
    path(
        "sekretariat/putaran/<slug:round_slug>/penghargaan/umpan-balik/terbitkan/",
        views.feedback_release,
        name="feedback_release",
    ),
    path(
        "sekretariat/putaran/<slug:round_slug>/penghargaan/umpan-balik/<slug:proposal>/",
        views.feedback_notes,
        name="feedback_notes",
    ),
    path(
        "proposal/<slug:proposal>/umpan-balik/",
        views.feedback_detail,
        name="feedback_detail",
    ),
    path(
        "proposal/<slug:proposal>/umpan-balik/surat.pdf",
        views.feedback_letter,
        name="feedback_letter",
    ),
    path("piagam/<slug:code>.pdf", views.certificate_file, name="certificate_file"),
    path(
        "kompetisi/<slug:round_slug>/pemenang/", views.winner_list, name="winner_list"
    ),
]
