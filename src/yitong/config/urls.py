"""Where each door hangs."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("yitong.portals.node.urls")),
    path("", include("yitong.base.identity.urls")),
]

handler400 = "yitong.portals.node.faults.bad_request"
handler403 = "yitong.portals.node.faults.forbidden"
handler404 = "yitong.portals.node.faults.not_found"
handler500 = "yitong.portals.node.faults.broken"
