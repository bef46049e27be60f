"""The suite's own databases: rolled back, or cloned for real commits."""

import threading

import psycopg
import pytest
from django.db import connection, connections

from yitong.hosting.api import check_url


def names():
    with connection.cursor() as cursor:
        cursor.execute(
            "select to_regclass('django_migrations')::text, to_regclass('left_behind')::text"
        )
        return cursor.fetchone()


@pytest.mark.django_db
@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_sees_the_migrated_database_and_nothing_of_another_test(turn):
    assert names() == ("django_migrations", None)
    with connection.cursor() as cursor:
        cursor.execute("create table left_behind ()")


@pytest.mark.committed
@pytest.mark.parametrize("turn", [1, 2])
def test_a_committed_test_has_a_clone_of_its_own(turn, database_url):
    assert names() == ("django_migrations", None)
    with connection.cursor() as cursor:
        cursor.execute("create table left_behind as select 1 as i")
    with psycopg.connect(database_url) as other:
        assert other.execute("select i from left_behind").fetchone() == (1,), (
            "others see the commit"
        )
    seen = []

    def read_in_a_thread():
        seen.append(names())
        connections.close_all()

    thread = threading.Thread(target=read_in_a_thread)
    thread.start()
    thread.join()
    assert seen == [("django_migrations", "left_behind")], "and so does every thread"


@pytest.mark.django_db
def test_the_application_role_is_no_superuser():
    with connection.cursor() as cursor:
        cursor.execute("select rolsuper from pg_roles where rolname = current_user")
        assert cursor.fetchone() == (False,)


@pytest.mark.committed
def test_the_clone_has_all_that_a_node_s_database_has(database_url):
    check_url(database_url)


@pytest.mark.committed
def test_the_site_answers_on_the_clone(site):
    from urllib.error import HTTPError
    from urllib.request import urlopen

    try:
        answer = urlopen(f"{site}/nowhere-at-all").status
    except HTTPError as error:
        answer = error.code
        error.close()
    assert answer == 404


@pytest.mark.browser
def test_a_browser_draws_chinese(page):
    page.set_content("<p>一同</p>")
    assert page.inner_text("p") == "一同"
