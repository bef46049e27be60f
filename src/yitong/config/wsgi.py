"""What the web server serves: the machines' door below /gateway/, everything else Django's.

A governed read goes past Django's middleware on purpose: it has no page, no session and no cookie.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

GATEWAY = "/gateway/"

_pages = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """WSGI."""
    if str(environ.get("PATH_INFO", "")).startswith(GATEWAY):
        # Not before the first call: the door opens database connections of its own.
        from yitong.portals.gateway.door import application as gateway

        return gateway(environ, start_response)
    answer: Iterable[bytes] = _pages(environ, start_response)
    return answer
