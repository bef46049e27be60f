"""Addresses of the citizen door's own pages."""

from django.urls import path, re_path

from yitong.portals.citizen import delegations, inbox, pages

app_name = "citizen"

urlpatterns = [
    path("my/", pages.home, name="home"),
    path("my/messages/", inbox.messages_page, name="messages"),
    path("my/messages/read/", inbox.read, name="message_read"),
    path("my/delegations/", delegations.index, name="delegations"),
    path("my/delegations/new/", delegations.give, name="give_delegation"),
    path("my/delegations/<uuid:key>/end/", delegations.end, name="end_delegation"),
    path("my/acting/", delegations.act_for, name="act_for"),
    path("my/footprint/", pages.footprint_page, name="footprint"),
    path("my/footprint/<int:entry_id>/question/", pages.question, name="question"),
    path("my/footprint/<int:entry_id>/proof.json", pages.proof, name="proof"),
    re_path(r"^my/footprint/export\.(?P<form>csv|json)$", pages.export, name="export"),
]
