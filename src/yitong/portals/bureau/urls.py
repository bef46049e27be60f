"""Addresses of the data bureau's pages. Entries are named by number, since their codes have a stroke in them."""

from django.urls import path, re_path

from yitong.portals.bureau import (
    acting,
    admonishing,
    claim_acts,
    claims,
    editor,
    entries,
    grants,
    inbox,
    listing,
    officers,
    papers,
    performance,
    request_acts,
    requests,
    row_rules,
    sharing_pages,
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
    path("bureau/catalogue/<int:number>/edit/", editor.entry_editor, name="edit"),
    path("bureau/catalogue/<int:number>/act/<slug:step>/", acting.act_page, name="act"),
    path("bureau/catalogue/<int:number>/row-rule/", row_rules.try_page, name="try_rule"),
    path("bureau/catalogue/<int:number>/<slug:tab>/", entries.entry_page, name="entry"),
    path("bureau/share/", sharing_pages.share_page, name="share"),
    path("bureau/share/<int:number>/", sharing_pages.upload_page, name="upload"),
    path(
        "bureau/share/<int:number>/progress.json",
        sharing_pages.upload_progress,
        name="upload_progress",
    ),
    re_path(
        r"^bureau/share/(?P<number>[0-9]{1,9})/(?P<step>stop|go-on|discard)/$",
        sharing_pages.upload_step,
        name="upload_step",
    ),
    path("bureau/share/<int:number>/<int:table>/", editor.proposal_page, name="proposal"),
    path("bureau/share/<int:number>/<int:table>/machine/", editor.machine_proposal, name="machine"),
    path("bureau/share/<int:number>/<int:table>/file/", editor.file_page, name="file_proposal"),
    path(
        "bureau/share/<int:number>/<int:table>/faults.csv",
        sharing_pages.faults_file,
        name="proposal_faults",
    ),
    path("bureau/claims/", claims.claims_page, name="claims"),
    path("bureau/claims/export.csv", claims.export, name="claims_export"),
    path("bureau/claims/make/", claim_acts.make_claim_page, name="make_claim"),
    path("bureau/claims/<int:number>/", claims.claim_page, name="claim"),
    path("bureau/claims/<int:number>/<slug:step>/", claim_acts.claim_act_page, name="claim_act"),
    path("bureau/performance/", performance.performance_page, name="performance"),
    re_path(
        r"^bureau/performance/paper\.(?P<form>xlsx|docx)$",
        papers.performance_paper,
        name="performance_paper",
    ),
    path("bureau/performance/propose/", admonishing.propose_page, name="propose"),
    path("bureau/admonitions/<int:number>/", admonishing.sign_page, name="sign"),
    path("bureau/requests/", requests.requests_page, name="requests"),
    path("bureau/requests/export.csv", requests.export, name="requests_export"),
    path("bureau/requests/<int:number>/", requests.request_page, name="request"),
    path(
        "bureau/requests/<int:number>/<slug:step>/",
        request_acts.request_act_page,
        name="request_act",
    ),
    path("bureau/grants/<int:number>/row-rule/", row_rules.grant_page, name="grant_rule"),
    path("bureau/grants/<int:number>/<slug:step>/", grants.grant_act_page, name="grant_act"),
]
