"""What leaves Django carries the page's policy; a refusal becomes a page; switches are cookies."""

import pytest
from django.http import HttpResponse
from django.template import loader
from django.test import RequestFactory

from yitong.kernel.errors import Refusal
from yitong.kernel.law import Basis
from yitong.ui.preferences import Preferences, preferences
from yitong.ui.refusals import RefusalPages, refusal_page
from yitong.ui.security import CONTENT_SECURITY_POLICY, PageSecurity


class Missing(Refusal):
    code = "missing"
    kind = "not_found"
    sentence = "没有“{name}”这个资源。"
    basis = Basis("政务数据共享条例", "13")
    remedy = "在目录里找一找。"


class Machine(Refusal):
    sentence = "不能这样做。"
    remedy = "cases.supplement"


def test_every_answer_has_the_policy():
    response = PageSecurity(lambda request: HttpResponse("x"))(RequestFactory().get("/"))
    assert response["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Referrer-Policy"] == "same-origin"


def test_a_page_may_tighten_a_header():
    def tight(request):
        return HttpResponse("x", headers={"Referrer-Policy": "no-referrer"})

    assert PageSecurity(tight)(RequestFactory().get("/"))["Referrer-Policy"] == "no-referrer"


def test_a_refusal_says_what_why_and_what_next():
    response = refusal_page(RequestFactory().get("/"), Missing(name="<b>表</b>"))
    html = response.content.decode()
    assert response.status_code == 404
    assert "没有“&lt;b&gt;表&lt;/b&gt;”这个资源。" in html
    assert "《政务数据共享条例》第十三条" in html
    assert "在目录里找一找。" in html


def test_a_remedy_for_programs_is_not_shown_to_people():
    assert (
        "cases.supplement"
        not in refusal_page(RequestFactory().get("/"), Machine()).content.decode()
    )


def test_only_refusals_become_pages():
    pages = RefusalPages(lambda request: HttpResponse("x"))
    request = RequestFactory().get("/")
    assert pages.process_exception(request, KeyError("bug")) is None
    assert pages.process_exception(request, Machine()).status_code == 403


@pytest.mark.parametrize("value", ["elder", "ELDER", "<script>", ""])
def test_an_unknown_switch_is_the_default(value):
    request = RequestFactory().get("/")
    request.COOKIES["yitong_mode"] = value
    assert preferences(request) == Preferences(mode="elder" if value == "elder" else "standard")


@pytest.mark.parametrize(
    "name",
    ["400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html", "503.html"],
)
def test_an_error_page_draws_without_a_request(name):
    html = loader.get_template(name).render()
    assert "12345" in html
    assert "<h1>" in html
