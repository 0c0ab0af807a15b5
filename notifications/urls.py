from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("pemberitahuan/", views.message_list, name="message_list"),
    path("pemberitahuan/<uuid:key>/", views.message_open, name="message_open"),
    path("akun/pemberitahuan/", views.preference_edit, name="preference_edit"),
    path("akun/pemberitahuan/whatsapp/", views.chat_agree, name="chat_agree"),
    path("akun/pemberitahuan/whatsapp/kode/", views.chat_code, name="chat_code"),
    path("akun/pemberitahuan/whatsapp/bukti/", views.chat_prove, name="chat_prove"),
    path("akun/pemberitahuan/whatsapp/berhenti/", views.chat_end, name="chat_end"),
    path("akun/pemberitahuan/alamat/", views.address_check, name="address_check"),
    path("surel/alamat/<str:token>/", views.address_confirm, name="address_confirm"),
    path("surel/berhenti/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("sekretariat/pesan/", views.delivery_list, name="delivery_list"),
    path(
        "sekretariat/pesan/kirim-ulang/",
        views.delivery_retry_all,
        name="delivery_retry_all",
    ),
    path("sekretariat/pesan/whatsapp/", views.chat_scope_list, name="chat_scope_list"),
    path(
        "sekretariat/pesan/<uuid:key>/<slug:channel>/",
        views.delivery_detail,
        name="delivery_detail",
    ),
    path(
        "sekretariat/pesan/<uuid:key>/<slug:channel>/kirim-ulang/",
        views.delivery_retry,
        name="delivery_retry",
    ),
    path("sekretariat/pesan/teks/", views.wording_list, name="wording_list"),
    path(
        "sekretariat/pesan/teks/<str:scope>/<str:kind>/",
        views.wording_edit,
        name="wording_edit",
    ),
    path(
        "sekretariat/pesan/teks/<str:scope>/<str:kind>/bawaan/",
        views.wording_reset,
        name="wording_reset",
    ),
    path("surat-demo/", views.demo_mailbox, name="demo_mailbox"),
]
