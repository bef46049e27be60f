"""Whether the node lives, and how it does: `/healthz` for a load balancer, `/metrics` for Prometheus."""

import hmac
from collections.abc import Iterator
from importlib import metadata
from ipaddress import ip_address

import psycopg
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from yitong.base.jobs import api as jobs
from yitong.base.ledger import api as ledger
from yitong.base.messages.api import outbox_status
from yitong.kernel import clock

CONNECT_S = 2
VERSION = metadata.version("yitong")


@csrf_exempt
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, 503 within two seconds when it does not."""
    reached = _database_answers()
    document = {
        "status": "ok" if reached else "unavailable",
        "database": "ok" if reached else "no answer",
        "version": VERSION,
        "at": clock.now().isoformat(timespec="seconds"),
    }
    return JsonResponse(document, status=200 if reached else 503)


def _database_answers() -> bool:
    """By a connection of its own: one kept from before would not notice that the server is gone."""
    asked = connection.get_connection_params()
    plain = {n: asked[n] for n in ("dbname", "user", "password", "host", "port") if asked.get(n)}
    try:
        with psycopg.connect(
            **plain, connect_timeout=CONNECT_S, options=f"-c statement_timeout={CONNECT_S}s"
        ) as probe:
            probe.execute("select 1")
    except psycopg.Error:
        return False
    return True


@csrf_exempt
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For the machine itself, or for whoever holds the token; for nobody else is there anything here."""
    if not _may_read(request):
        return HttpResponse(status=404)
    registry = CollectorRegistry()
    for collector in (NodeCollector(),):
        registry.register(collector)
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        is_token = hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
        return scheme.lower() == "bearer" and is_token
    # Behind a proxy every call comes from the machine itself, so what was forwarded is a stranger's.
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


class NodeCollector(Collector):
    """The ledger's and the queue's figures, asked for when they are scraped."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = clock.now()
        log = ledger.health()
        waited = (now - log.oldest_waiting_at).total_seconds() if log.oldest_waiting_at else 0.0
        signed = (now - log.signed_at).total_seconds() if log.signed_at else 0.0
        yield _gauge("yitong_ledger_entries", "Entries that have their index", log.size)
        yield _gauge("yitong_ledger_waiting", "Entries without an index yet", log.waiting)
        yield _gauge("yitong_ledger_waiting_seconds", "How long the oldest of them waits", waited)
        yield _gauge("yitong_ledger_signed_entries", "Entries under a checkpoint", log.signed_size)
        yield _gauge("yitong_ledger_checkpoint_age_seconds", "Age of the checkpoint", signed)
        yield _gauge("yitong_ledger_horizon_holders", "Transactions that hold it", len(log.holders))
        queue = jobs.status()
        yield _gauge("yitong_jobs_waiting", "Jobs that could run now", queue.waiting)
        yield _gauge("yitong_jobs_failed", "Jobs that failed for good", queue.failed)
        yield from _outbox()


def _outbox() -> Iterator[GaugeMetricFamily]:
    """By channel, so that an alarm says which one is away."""
    told = outbox_status()
    for name, words, values in (
        ("waiting", "Messages on their way out", [one.waiting for one in told]),
        ("failed", "Messages whose last attempt failed", [one.failed for one in told]),
        (
            "given_up",
            "Messages that are not tried again (dead letters)",
            [o.given_up for o in told],
        ),
        ("oldest_due_seconds", "How long the oldest is due", [one.oldest_due_s for one in told]),
    ):
        family = GaugeMetricFamily(f"yitong_messages_{name}", words, labels=["channel"])
        for one, value in zip(told, values, strict=True):
            family.add_metric([one.channel], value)
        yield family


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)
