"""A table of people that is published, granted and readable: what the exchange's tests start from."""

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
from django.test import Client as Browser

from tests.factories.agencies import OPERATOR, a_client
from tests.factories.officers import Town, a_town, published
from tests.factories.persons import number_of
from tests.furnished import present
from yitong.data.catalogue.models import Resource
from yitong.data.sharing import actions as sharing
from yitong.data.sharing.models import Grant
from yitong.data.sharing.purposes import load_purposes
from yitong.data.sharing.rules import Order
from yitong.data.sources.api import ClearColumn, CopyPlan, copy_in, open_table, register_source
from yitong.kernel import clock
from yitong.portals.gateway.door import application

PURPOSE = "school-admission"
HEADERS = ("sfzh", "xm", "lxdh", "zt", "rq", "qh")


@dataclass(frozen=True)
class SharedPeople:
    """The town, its resource, one grant, and a token of the grantee's client."""

    town: Town
    resource: Resource
    grant: Grant
    client_id: str
    secret: str
    token: str

    def call(
        self, number: str, *, purpose: str = PURPOSE, token: str | None = None, **more: object
    ):
        """(status, headers, document) of one governed read through the WSGI door."""
        asked = {"key": number, "purpose": purpose, **more}
        return post(
            f"/gateway/v1/resources/{self.resource.code}/read",
            orjson.dumps(asked),
            self.token if token is None else token,
        )


def post(path: str, body: bytes, token: str = "", method: str = "POST", **environ: str):
    said: dict[str, object] = {}

    def start_response(status, headers):
        said.update(status=int(status.split()[0]), headers=dict(headers))

    asked = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "REMOTE_ADDR": "127.0.0.1",
        **({"HTTP_AUTHORIZATION": f"Bearer {token}"} if token else {}),
        **environ,
    }
    answer = b"".join(application(asked, start_response))
    return said["status"], said["headers"], orjson.loads(answer)


def a_token(client_id: str, secret: str) -> str:
    answer = Browser().post(
        "/identity/o/api/token",
        {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret},
    )
    return str(answer.json()["access_token"])


def people_csv(folder: Path, people: int) -> Path:
    lines = [",".join(HEADERS)]
    lines += [
        f"{number_of(i)},林{'甲乙丙丁戊己庚辛'[i % 8]}{'子丑寅卯'[i % 4]},100{i:08d},在保,2026-01-{i % 28 + 1:02d},890102"
        for i in range(2, people + 2)
    ]
    path = folder / "people.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def load_rows(resource: Resource, path: Path, owner: str) -> None:
    plan = CopyPlan(
        resource.table_key,
        "sfzh",
        "person",
        clear=(ClearColumn("zt"), ClearColumn("rq", "D")),
        sealed=("sfzh", "xm", "lxdh"),
        region_column="qh",
    )
    source = register_source(location=str(path), owner=owner, by=OPERATOR)
    copy_in(plan=plan, reader=open_table(str(path)), source=source, by=OPERATOR)


def shared_people(
    folder: Path, *, people: int = 20, scopes: Sequence[str] = ("exchange",), **order: object
) -> SharedPeople:
    if (there := present(SharedPeople)) is not None:
        if people != 20 or tuple(scopes) != ("exchange",) or order:
            raise ValueError(
                'the furnished people are 20 with the usual order: take furnished("town")'
            )
        return there
    town = a_town()
    load_purposes(by=OPERATOR)
    resource = published(town)
    load_rows(resource, people_csv(folder, people), town.provider.agency.code)
    client = a_client(town.requester.agency, "招生系统", scopes)
    wanted = {
        "resource": resource.code,
        "client": client.client_id,
        "fields": ("身份证号", "姓名", "保障状态"),
        "purpose": PURPOSE,
        "until": clock.today() + dt.timedelta(days=90),
        **order,
    }
    grant = sharing.grant(
        order=Order(**wanted),
        by=OPERATOR,
        requester=town.requester.sharing_head,
        provider=town.provider.sharing_head,
    )
    token = a_token(client.client_id, client.secret)
    return SharedPeople(town, resource, grant, client.client_id, client.secret, token)
