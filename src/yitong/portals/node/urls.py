"""Addresses of the node's own pages. The frame of every page links to `node:help` and its neighbours."""

from django.urls import path

from yitong.portals.node import described, gallery, health, ledger_pages, messages, pages

app_name = "node"

urlpatterns = [
    path("", pages.home, name="home"),
    path("help/", pages.help_page, name="help"),
    path("messages/", messages.messages_page, name="messages"),
    path("messages/settings/", messages.settings_page, name="message_settings"),
    path("messages/contact/", messages.contact, name="message_contact"),
    path("complaints/", pages.complaints, name="complaints"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("settings/<slug:name>/<slug:value>/", pages.switch, name="switch"),
    path("ui/gallery/", gallery.gallery, name="gallery"),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", health.metrics, name="metrics"),
    path("api/openapi.json", described.openapi, name="openapi"),
    path("ledger/checkpoint", ledger_pages.checkpoint, name="checkpoint"),
    path("ledger/tile/<path:path>", ledger_pages.tile, name="tile"),
    path("ledger/verify_proof.py", ledger_pages.script, name="verify_script"),
    path("ledger/verify/", ledger_pages.verify, name="verify"),
]
