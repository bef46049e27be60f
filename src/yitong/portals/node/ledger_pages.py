"""The ledger over HTTP for anyone: checkpoint, tiles and bundles by C2SP tlog-tiles, the script, and how to check.

Nothing here says whom or what an entry is about. Proofs as JSON stand in `interface`. What programs ask has no form to
protect: with `csrf_exempt` another method is answered by 405, and not by a page about a form that is too old.
"""

import re
from importlib import resources

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from yitong.base.ledger.api import PublicLog
from yitong.kernel.errors import Refusal
from yitong.portals.node.programs.problems import no_such_address, refused

PLAIN = "text/plain; charset=utf-8"
WIDTH = 256
A_YEAR = 365 * 24 * 3600
A_DAY = 24 * 3600
# C2SP tlog-tiles: the number in groups of three digits, every group but the last behind an x.
_INDEX = re.compile(r"(?:x[0-9]{3}/)*[0-9]{3}")
_PATH = re.compile(
    r"(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
)


def tile_number(path: str) -> int | None:
    """1234067 from `x001/x234/067`; None where a shorter spelling of the number exists."""
    if not _INDEX.fullmatch(path):
        return None
    number = int(path.replace("x", "").replace("/", ""))
    return number if tile_path(number) == path else None


def tile_path(number: int) -> str:
    digits = str(number)
    groups = [
        digits.zfill(-(-len(digits) // 3) * 3)[at : at + 3]
        for at in range(0, -(-len(digits) // 3) * 3, 3)
    ]
    return "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])


@csrf_exempt
@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed note. 503 before the first entry has its index."""
    try:
        note = PublicLog.checkpoint().note
    except Refusal as refusal:
        return _unkept(refused(request, refusal))
    response = HttpResponse(note, content_type=PLAIN)
    patch_cache_control(response, no_cache=True)
    return response


@csrf_exempt
@require_safe
def tile(request: HttpRequest, path: str) -> HttpResponse:
    """A tile of hashes, or a bundle of entries, whole or cut. What the tree does not have is 404."""
    matched = _PATH.fullmatch(path)
    number = tile_number(matched[2]) if matched else None
    if matched is None or number is None or int(matched[3] or 1) >= WIDTH:
        return _unkept(no_such_address(request))
    level = None if matched[1] == "entries" else int(matched[1])
    try:
        found = PublicLog.tile(level, number, int(matched[3] or WIDTH))
    except Refusal:
        return _unkept(no_such_address(request))
    response = HttpResponse(found, content_type="application/octet-stream")
    # A cut tile is never wrong, only soon out of date; a full one stands for ever.
    if matched[3]:
        patch_cache_control(response, public=True, max_age=A_DAY)
    else:
        patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    return response


def _unkept(response: HttpResponse) -> HttpResponse:
    """What is not in the tree now may be there soon."""
    patch_cache_control(response, no_store=True)
    return response


def script_text() -> str:
    """The stand-alone script, as it stands in the tree."""
    found = resources.files("yitong.base.ledger").joinpath("verify_proof.py")
    return found.read_text(encoding="utf-8")


@csrf_exempt
@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """Downloaded and read before it is run: one file, Python's standard library only."""
    response = HttpResponse(script_text(), content_type="text/x-python; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="verify_proof.py"'
    patch_cache_control(response, no_cache=True)
    return response


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """What a proof proves, how to check it without this node, and the key to check it against."""
    try:
        newest = PublicLog.checkpoint()
    except Refusal:
        newest = None
    context = {
        "newest": newest,
        "verifier_key": PublicLog.verifier_key(),
        "command": 'python3 verify_proof.py yitong-proof-….json --key "…"',
    }
    return render(request, "node/verify.html", context)
