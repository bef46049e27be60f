"""Addresses of the data bureau's pages. Entries are named by number, since their codes have a stroke in them."""

from django.urls import path, re_path

from yitong.portals.bureau import (
    acting,
    admonishing,
    entries,
    grants,
    inbox,
    listing,
    officers,
    papers,
    performance,
    requests,
    row_rules,
)

app_name = "bureau"

urlpatterns = [
    path("bureau/", listing.home, name="home"),
    path("bureau/posts/", officers.posts_page, name="posts"),
    path("bureau/messages/", inbox.messages_page, name="messages"),
    path("bureau/messages/read/", inbox.read, name="message_read"),
    path("bureau/messages/sent/", inbox.sent_page, name="sent_messages"),
    path("bureau/messages/sent/again/", inbox.send_again, name="send_again"),
    path("bureau/catalogue/", listing.catalogue_page, name="catalogue"),
    re_path(r"^bureau/catalogue/export\.(?P<form>csv|json)$", listing.export, name="export"),
    path("bureau/catalogue/<int:number>/", entries.entry_page, name="entry"),
    path("bureau/catalogue/<int:number>/entry.json", entries.entry_file, name="entry_file"),
    path("bureau/catalogue/<int:number>/act/<slug:step>/", acting.act_page, name="act"),
    path("bureau/catalogue/<int:number>/row-rule/", row_rules.try_page, name="try_rule"),
    path("bureau/catalogue/<int:number>/<slug:tab>/", entries.entry_page, name="entry"),
    path("bureau/performance/", performance.performance_page, name="performance"),
    re_path(
        r"^bureau/performance/paper\.(?P<form>xlsx|docx)$",
        papers.performance_paper,
        name="performance_paper",
    ),
    path("bureau/performance/propose/", admonishing.propose_page, name="propose"),
    path("bureau/admonitions/<int:number>/", admonishing.sign_page, name="sign"),
    path("bureau/grants/<int:number>/row-rule/", row_rules.grant_page, name="grant_rule"),
    path("bureau/requests/<int:number>/", requests.request_page, name="request"),
    path("bureau/grants/<int:number>/<slug:step>/", grants.grant_act_page, name="grant_act"),
]
