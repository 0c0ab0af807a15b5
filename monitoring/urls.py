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
    path("pimpinan/", views.leader_overview, name="leader_overview"),
    path("pimpinan/<slug:round>/", views.leader_round, name="leader_round"),
]
