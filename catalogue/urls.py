from django.urls import path

from catalogue import views

app_name = "catalogue"

urlpatterns = [
    path("inovasi/", views.entry_list, name="entry_list"),
    path("inovasi/<slug:slug>/", views.entry_detail, name="entry_detail"),
]
