"""消息 for whoever comes: the way to the own inbox, and how one wants to be told. The inboxes are the doors' own."""

from django.contrib import messages as toasts
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yitong.base.identity.api import actor_for, contacts
from yitong.base.messages.api import choice_of, outbox_status, set_preferences
from yitong.kernel.actor import Actor
from yitong.kernel.errors import Refusal
from yitong.portals.node.message_forms import ContactForm, PreferenceForm
from yitong.ui.values import Link, Row

CONTACT_ID = "contact_%s"  # both forms of the page have a field "mail"
# Where each kind of account has its inbox, if that door is built in.
INBOXES = {"person": "citizen:messages", "staff": "bureau:messages"}


@require_safe
@never_cache
def messages_page(request: HttpRequest) -> HttpResponse:
    """To the own inbox; without a log-in, what would be there."""
    if isinstance(request.user, AbstractBaseUser) and (own := _inbox(_actor(request))):
        return redirect(own)
    return render(request, "node/messages.html")


def _actor(request: HttpRequest) -> Actor:
    if not isinstance(request.user, AbstractBaseUser):
        raise TypeError("this page is for visitors who have logged in")
    return actor_for(request.user)


def _inbox(by: Actor) -> str:
    try:
        return reverse(INBOXES[by.kind])
    except (KeyError, NoReverseMatch):
        return ""


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def settings_page(request: HttpRequest) -> HttpResponse:
    """Channels, quiet hours and language of the own account, whatever post one acts in."""
    by = _actor(request)
    form = PreferenceForm(
        request.POST or None, initial=PreferenceForm.values_of(choice_of(by.account))
    )
    if request.method == "POST" and form.is_valid():
        set_preferences(by=by, choice=form.choice())
        toasts.success(request, gettext("消息方式已保存"))
        return redirect("node:message_settings")
    return _settings(request, by, form, ContactForm(auto_id=CONTACT_ID))


@require_POST
@login_required
@never_cache
def contact(request: HttpRequest) -> HttpResponse:
    """New addresses of the own account."""
    by, form = _actor(request), ContactForm(request.POST, auto_id=CONTACT_ID)
    if form.is_valid():
        try:
            contacts.set_contact(
                by=by, account=by.account, mail=form.wanted("mail"), phone=form.wanted("phone")
            )
        except Refusal as refusal:
            if refusal.kind != "invalid":
                raise
            form.add_error(None, refusal.say(gettext))
        else:
            toasts.success(request, gettext("联系方式已保存"))
            return redirect("node:message_settings")
    preferences = PreferenceForm(initial=PreferenceForm.values_of(choice_of(by.account)))
    return _settings(request, by, preferences, form)


def _settings(
    request: HttpRequest, by: Actor, form: PreferenceForm, contact_form: ContactForm
) -> HttpResponse:
    reach, is_open = (
        contacts.contact_of(account=by.account),
        {c.channel: c.is_open for c in outbox_status()},
    )
    kept, none = gettext("已经留了"), gettext("还没有留")
    context = {
        "form": contact_form if contact_form.errors else form,
        "preference_form": form,
        "contact_form": contact_form,
        "trail": [Link(gettext("消息"), _inbox(by) or reverse("node:messages"))],
        "reach": [
            Row(gettext("邮箱"), kept if reach.has_mail else none, _closed(is_open["mail"])),
            Row(gettext("手机号"), kept if reach.has_phone else none, _closed(is_open["sms"])),
        ],
    }
    status = 422 if form.errors or contact_form.errors else 200
    return render(request, "node/message_settings.html", context, status=status)


def _closed(is_open: bool) -> tuple[str, ...]:  # noqa: FBT001 - of one channel
    return () if is_open else (gettext("这个节点还没有开通这条渠道，消息只在站内看。"),)
