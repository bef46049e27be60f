"""The node's own pages need no database; a switch is a cookie and comes back only to this node."""

import pytest

PAGES = [
    "/",
    "/help/",
    "/messages/",
    "/complaints/",
    "/accessibility/",
    "/ui/gallery/",
    "/account/login/",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_drawn_without_a_database(client, path):
    response = client.get(path)
    html = response.content.decode()
    assert response.status_code == 200
    assert '<html lang="zh-Hans" data-mode="standard" data-contrast="normal"' in html
    assert html.count("<h1>") == 1
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_the_tools_stand_in_the_same_order_on_every_page(client):
    for path in PAGES:
        html = client.get(path).content.decode()
        places = [
            html.index(f">{words}<")
            for words in ("长辈版", "English", "消息", "帮助 12345", "登录")
        ]
        assert places == sorted(places), path


@pytest.mark.parametrize(
    ("name", "value", "cookie"),
    [
        ("language", "en", "django_language"),
        ("mode", "elder", "yitong_mode"),
        ("contrast", "high", "yitong_contrast"),
    ],
)
def test_a_switch_sets_its_cookie_and_returns_to_the_same_page(client, name, value, cookie):
    response = client.get(f"/settings/{name}/{value}/", {"next": "/help/?from=3"})
    assert (response.status_code, response["Location"]) == (302, "/help/?from=3")
    assert response.cookies[cookie].value == value
    assert response.cookies[cookie]["httponly"]


def test_the_default_clears_the_cookie(client):
    assert client.get("/settings/mode/standard/").cookies["yitong_mode"]["max-age"] == 0


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil",
        "",
    ],
)
def test_a_switch_never_leads_to_another_host(client, elsewhere):
    assert client.get("/settings/mode/elder/", {"next": elsewhere})["Location"] == "/"


@pytest.mark.parametrize(
    "path", ["/settings/mode/huge/", "/settings/colour/red/", "/settings/sessionid/x/"]
)
def test_an_unknown_switch_does_not_exist(client, path):
    assert client.get(path).status_code == 404


def test_a_switch_changes_nothing_by_post(client):
    assert client.post("/settings/mode/elder/").status_code == 405


def test_a_page_in_english_says_so(client):
    client.cookies["django_language"] = "en"
    html = client.get("/account/login/").content.decode()
    assert '<html lang="en"' in html
    assert "User name" in html
    assert "<title>Log in – Services – " in html


def test_the_large_and_the_high_contrast_version_are_the_same_page(client):
    client.cookies["yitong_mode"] = "elder"
    client.cookies["yitong_contrast"] = "high"
    html = client.get("/").content.decode()
    assert 'data-mode="elder" data-contrast="high"' in html
    assert "标准版" in html
    assert "普通对比度" in html


def test_a_missing_page_says_what_to_do(client):
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "没有这一页" in response.content.decode()


def test_the_demo_says_that_it_is_one(client, settings):
    settings.PROFILE = "demo"
    assert "演示：人物和数据都是合成的" in client.get("/").content.decode()
    settings.PROFILE = "node"
    assert "演示：" not in client.get("/").content.decode()


def test_a_broken_page_is_drawn_without_asking_who_is_logged_in(rf):
    from yitong.portals.node import faults

    request = rf.get("/any/")  # no session, no user: nothing that could ask the database
    response = faults.broken(request)
    assert response.status_code == 500
    assert "这一页出了错" in response.content.decode()
    assert faults.unavailable(request)["Retry-After"] == "60"
