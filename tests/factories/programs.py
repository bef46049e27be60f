"""An agency's system before the JSON doors: a token with scopes, and calls by it."""

import uuid
from dataclasses import dataclass, field

import orjson
from django.test import Client as Browser

from tests.factories.agencies import OPERATOR
from tests.factories.shared_people import a_token
from yitong.base.identity.api import Agency, clients


@dataclass(frozen=True)
class Machine:
    """A client of an agency; without a token it is a stranger."""

    token: str = ""
    client_id: str = ""
    browser: Browser = field(default_factory=Browser)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def get(self, path: str, **asked: object):
        return self.browser.get(f"/api/{path}", asked, headers=self.headers)

    def post(self, path: str, body: object, *, key: str | None = None, raw: bytes = b""):
        """With an Idempotency-Key of its own unless one, or none (empty), is given."""
        once = {"Idempotency-Key": str(uuid.uuid4()) if key is None else key}
        return self.browser.post(
            f"/api/{path}",
            raw or orjson.dumps(body),
            content_type="application/json",
            headers=self.headers | {name: value for name, value in once.items() if value},
        )

    def upload(self, path: str, file, **form: str):
        return self.browser.post(
            f"/api/{path}",
            {"file": file, **form},
            headers=self.headers | {"Idempotency-Key": str(uuid.uuid4())},
        )


def a_machine(agency: Agency, *scopes: str, name: str = "") -> Machine:
    issued = clients.issue_client(
        by=OPERATOR, agency=agency, name=name or f"系统{uuid.uuid4().hex[:8]}", scopes=scopes
    )
    return Machine(a_token(issued.client_id, issued.secret), issued.client_id)


STRANGER = Machine()
