"""Addresses of the administration's pages."""

from django.urls import path

from yitong.portals.administration import calendars, counter, hours, limits, lists, pages

app_name = "administration"

urlpatterns = [
    path("administration/", lists.home, name="home"),
    path("administration/agencies/", lists.agencies_page, name="agencies"),
    path("administration/posts/", lists.posts_page, name="posts"),
    path("administration/posts/new/", pages.new_post, name="new_post"),
    path("administration/posts/<int:number>/", pages.post_page, name="post"),
    path("administration/posts/<int:number>/<slug:name>/", pages.post_step, name="post_step"),
    path("administration/appointments/", lists.appointments_page, name="appointments"),
    path("administration/accounts/", lists.accounts_page, name="accounts"),
    path("administration/accounts/new/", pages.new_account, name="new_account"),
    path("administration/accounts/<int:number>/", pages.account_page, name="account"),
    path(
        "administration/accounts/<int:number>/<slug:name>/",
        pages.account_step,
        name="account_step",
    ),
    path("administration/limits/", limits.limits_page, name="limits"),
    path("administration/limits/new/", limits.new_limit, name="new_limit"),
    path("administration/limits/<int:number>/end/", limits.end_page, name="end_limit"),
    path("administration/calendar/", calendars.calendar_page, name="calendar"),
    path("administration/hours/", hours.hours_page, name="hours"),
    path("administration/hours/new/", hours.set_hours, name="set_hours"),
    path("administration/counter/", counter.counter_page, name="counter"),
]
