"""URLs of databases: what they may say, and what no repr shows."""

import pytest

from yitong.data.sources.errors import BadLocation
from yitong.data.sources.locations import server_location


def test_a_url_names_server_account_and_table():
    found = server_location("postgresql://lin:s%40crt@db.invalid:5433/hall?table=hj.people")
    assert (found.schema, found.table, found.name) == ("hj", "people", "db.invalid/hall")
    assert found.connection["password"] == "s@crt"
    assert "crt" not in repr(found)


def test_the_table_may_stand_behind_a_hash_and_the_schema_be_left_out():
    assert server_location("postgresql://db.invalid/hall#people").qualified == "public.people"


def test_a_socket_folder_may_be_given():
    assert (
        server_location("postgresql:///hall?host=/run/pg&table=a.b").connection["host"] == "/run/pg"
    )


def test_the_password_may_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "hidden")
    assert (
        server_location("postgresql://db.invalid/hall?table=a").connection["password"] == "hidden"
    )


@pytest.mark.parametrize(
    "location",
    [
        "mysql://db.invalid/x?table=a",
        "postgresql://db.invalid/?table=a",
        "postgresql://db.invalid:port/x?table=a",
        "postgresql://db.invalid/x?table=a&passfile=/etc/passwd",
        "postgresql://db.invalid/x?table=a&options=-csession_replication_role%3Dreplica",
        "https://db.invalid/x.csv",
    ],
)
def test_other_urls_are_refused(location):
    with pytest.raises(BadLocation):
        server_location(location)
