from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("pemberitahuan/", views.message_list, name="message_list"),
    path("pemberitahuan/<uuid:key>/", views.message_open, name="message_open"),
    path("sekretariat/pesan/", views.delivery_list, name="delivery_list"),
    path("surat-demo/", views.demo_mailbox, name="demo_mailbox"),
]
