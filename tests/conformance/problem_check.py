"""What RFC 9457 asks of a problem beyond its schema, as a check for schemathesis."""

import re
import uuid

import schemathesis

ONCE = "Idempotency-Key"


@schemathesis.check
def problem_conformance(_context, response, _case):
    """The status inside is the one outside, type and instance are references, and the page of an error never comes."""
    if response.headers.get("Content-Type", [""])[0] != "application/problem+json":
        return
    problem = response.json()
    assert problem["status"] == response.status_code, (
        "the status inside differs from the one outside"
    )
    assert problem["type"].startswith("/problems/"), "type is no reference of ours"
    assert problem["title"], "no title"
    assert problem["detail"], "no detail"
    assert "Traceback" not in response.text, "a stack trace"


@schemathesis.hook
def before_call(_context, case, _kwargs):
    """A good key is a new one for each request, as its description says; a bad or missing one stays as it is."""
    headers = case.headers or {}
    if re.fullmatch("[!-~]{1,255}", str(headers.get(ONCE, ""))):
        headers[ONCE] = str(uuid.uuid4())
