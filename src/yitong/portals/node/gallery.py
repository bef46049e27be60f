"""Every component in every state on one page: the place to look before a page is written, and the visual test."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yitong.kernel import clock
from yitong.portals.node import samples
from yitong.portals.node.forms import GalleryForm
from yitong.ui.components.proofs import obtained
from yitong.ui.ordering import Order
from yitong.ui.states import State

ANSWERS = {
    "phone": "100 2345 6789",
    "received_on": "2026年10月31日",
    "address": "听澜区桐花街道桐花路18号",
    "pickup": "post",
    "reason": "居住地址精确到室，按个人信息保护影响评估的结论提高分级，改为逐人查询。",
    "cycle": "day",
    "agree": "on",
}


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Drawn as of one fixed instant, so that its dates and bars are the same every day."""
    with clock.frozen(samples.NOW):
        form = GalleryForm(ANSWERS)
        form.fields["household"].initial = "890102-0018"
        context = {
            "sample_form": form,
            "colours": samples.COLOURS,
            "states": [(state, "") for state in State],
            "clocks": samples.clocks(),
            "progress": samples.progress_clock(),
            "duty": samples.duty(),
            "today": samples.TODAY,
            "now": samples.NOW,
            "commitments": [
                samples.commitment(name) for name in ("recorded", "verified", "mismatch")
            ],
            "sources": samples.sources(),
            "address_source": obtained(
                "市公安局",
                "户籍人口基本信息",
                samples.TODAY,
                purpose="本次申请",
                dispute="#dispute",
            ),
            "summary_rows": samples.summary_rows(),
            "fact_rows": samples.fact_rows(),
            "figures": samples.figures(),
            "told": samples.told(),
            "tasks": samples.tasks(),
            "inbox": samples.inbox(),
            "menus": samples.menus(),
            "order": Order(tuple(samples.headings()), "due"),
            "tabs": samples.tabs(),
            "keys": samples.keys(),
            "page_two": Paginator(range(34), 12).page(2),
        }
        return render(request, "node/gallery.html", context)
