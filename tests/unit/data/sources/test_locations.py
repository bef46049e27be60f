"""URLs of databases: what they may say, and what no repr shows."""

import pytest

from yitong.data.sources.errors import BadLocation
from yitong.data.sources.locations import server_location, table_location, with_password


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
        "oracle://db.invalid/x?table=a",
        "mysql://db.invalid/?table=a",
        "mysql://db.invalid/x?table=a&read_default_file=/etc/passwd",
        "mysql://db.invalid/x?table=a&local_infile=1",
        "postgresql://[::1/x?table=a",
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


def test_a_mysql_url_names_database_and_table():
    found = server_location("mysql://lin@db.invalid:3307/hall?table=people.2026")
    assert (found.driver, found.schema, found.table) == ("mysql", "hall", "people.2026")
    assert not found.is_whole_schema


def test_a_schema_is_all_its_tables_and_each_has_a_url_of_its_own():
    whole = "postgresql://lin@db.invalid/hall?schema=hj"
    assert server_location(whole).is_whole_schema
    assert server_location("mysql://db.invalid/hall").is_whole_schema
    one = server_location(table_location(whole, "a.b&c=d"))
    assert (one.schema, one.table, one.is_whole_schema) == ("hj", "a.b&c=d", False)


def test_a_password_from_the_environment_is_kept_with_the_location(monkeypatch):
    monkeypatch.setenv("MYSQL_PWD", "p@ss/word")
    kept = with_password("mysql://lin@db.invalid:3307/hall?table=a")
    monkeypatch.delenv("MYSQL_PWD")
    assert server_location(kept).connection["password"] == "p@ss/word"
    assert server_location(kept).connection["host"] == "db.invalid"
    assert with_password("mysql://lin:own@db.invalid/hall") == "mysql://lin:own@db.invalid/hall"
    assert with_password("/data/表.csv") == "/data/表.csv"


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
@pytest.mark.parametrize(
    ("asked", "mode", "authority"),
    [
        ("", None, None),
        ("ssl=true", "verify-full", "system"),
        ("sslrootcert=/etc/ca.pem", "verify-full", "/etc/ca.pem"),
        ("sslmode=verify-full", "verify-full", "system"),
        ("sslmode=verify-ca&sslrootcert=/etc/ca.pem", "verify-ca", "/etc/ca.pem"),
        ("sslmode=require", "require", None),
        ("sslmode=disable", "disable", None),
    ],
)
def test_who_asks_for_encryption_and_says_no_more_gets_it_verified(scheme, asked, mode, authority):
    found = server_location(f"{scheme}://lin@db.example/x?table=a&{asked}").connection
    assert (found.get("sslmode"), found.get("sslrootcert")) == (mode, authority)


@pytest.mark.parametrize(
    "asked", ["ssl=yes", "ssl=true&sslmode=disable", "sslmode=maybe", "sslrootcert=ca.pem"]
)
def test_encryption_that_is_not_understood_is_refused(asked):
    with pytest.raises(BadLocation):
        server_location(f"mysql://lin@db.example/x?table=a&{asked}")
