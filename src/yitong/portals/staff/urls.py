"""Addresses of the work-bench."""

from django.urls import path

from yitong.portals.staff import acting, course, handing, inbox

app_name = "staff"

urlpatterns = [
    path("work/", inbox.inbox_page, name="inbox"),
    path("work/hand-over/", handing.hand_over_page, name="hand_over"),
    path("work/duties/<int:number>/", course.duty_page, name="duty"),
    path("work/duties/<int:number>/extend/", acting.extend_page, name="extend"),
    path("work/duties/<int:number>/explain/", acting.explain_page, name="explain"),
]
