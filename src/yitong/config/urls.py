"""Where each door hangs."""

from django.urls import URLPattern, URLResolver, include, path

from yitong.portals.node import interface

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("yitong.portals.node.urls")),
    path("", include("yitong.portals.node.account_urls")),
    path("", include("yitong.base.identity.urls")),
    path("", include("yitong.portals.citizen.urls")),
    path("", include("yitong.portals.staff.urls")),
    path("", include("yitong.portals.bureau.urls")),
    path("", include("yitong.portals.administration.urls")),
    path("", include("yitong.portals.law.urls")),
    path("", interface.urls),
]

handler400 = "yitong.portals.node.faults.bad_request"
handler403 = "yitong.portals.node.faults.forbidden"
handler404 = "yitong.portals.node.faults.not_found"
handler500 = "yitong.portals.node.faults.broken"
