"""Keys of the API, and signed feeds: the lists, making one (its secret is shown once), and ending it."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moothall.councils.doors import door
from moothall.councils.models import Council
from moothall.look.forms import error_links
from moothall.plain.errors import HouseError
from moothall.servicedesk.actions import feeds as feed_actions
from moothall.servicedesk.actions import keys as key_actions
from moothall.servicedesk.actions.feeds import Made
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import feeds as feed_queries
from moothall.servicedesk.queries import keys as key_queries
from moothall.workplace.forms.desk.channels import FeedForm, KeyForm
from moothall.workplace.forms.desk.setting_up import complain
from moothall.workplace.queries.desk.setting_up import council_choices
from moothall.workplace.views.answering import UNPROCESSABLE, looking
from moothall.workplace.views.desk.answering import page

_METHODS = ["GET", "HEAD", "POST"]


@door(Can.SET_UP)
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """List the keys, and what each may do."""
    viewer, _ = looking(request)
    return page(request, "keys", keys=key_queries.keys(viewer), scopes=key_queries.SCOPES)


@door(Can.SET_UP)
@require_http_methods(_METHODS)
def new_key(request: HttpRequest) -> HttpResponse:
    """Make a key; the answer shows it, this once."""
    viewer, now = looking(request)
    form = KeyForm(request.POST if request.method == "POST" else None, councils=council_choices(viewer))
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            made = key_actions.make_key(
                by=viewer,
                council=Council.objects.get(pk=given["council"]),
                name=given["name"],
                may=given["may"],
                now=now,
            )
        except HouseError as error:
            complain(form, error)
        else:
            address = f"{settings.PUBLIC_URL}/api/desk/v1/"
            return page(
                request,
                "channel_made",
                thing="key",
                system=made.key.name,
                secret=made.secret,
                address=address,
            )
    return page(
        request,
        "fill",
        status=UNPROCESSABLE if form.is_bound else 200,
        title="Make a key",
        says="Another system logs and reads the calls of one council by it. It is shown once.",
        form=form,
        button="Make the key",
        back=reverse("workplace:desk_keys"),
        back_text="Back to keys",
        page_errors=error_links(form),
    )


@door(Can.SET_UP)
@require_POST
def end_key(request: HttpRequest, key: int) -> HttpResponse:
    """End a key."""
    viewer, now = looking(request)
    ended = key_actions.end_key(by=viewer, key_id=key, now=now)
    messages.success(request, f"The key “{ended.name}” is ended: nobody gets in by it any more.")
    return redirect("workplace:desk_keys")


@door(Can.SET_UP)
@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    """List the feeds, and when each was heard last."""
    viewer, _ = looking(request)
    return page(request, "feeds", feeds=feed_queries.feeds(viewer))


@door(Can.SET_UP)
@require_http_methods(_METHODS)
def new_feed(request: HttpRequest) -> HttpResponse:
    """Make a feed; the answer shows its secret, this once."""
    viewer, now = looking(request)
    form = FeedForm(request.POST if request.method == "POST" else None, councils=council_choices(viewer))
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        kind, shape = form.kind_and_shape
        try:
            made = feed_actions.make_feed(
                by=viewer,
                council=Council.objects.get(pk=given["council"]),
                name=given["name"],
                kind=kind,
                shape=shape,
                now=now,
            )
        except HouseError as error:
            complain(form, error)
        else:
            return _made(request, made)
    return page(
        request,
        "fill",
        status=UNPROCESSABLE if form.is_bound else 200,
        title="Make a feed",
        says="Another system sends what it sees, each message signed. Its secret is shown once.",
        form=form,
        button="Make the feed",
        back=reverse("workplace:desk_feeds"),
        back_text="Back to feeds",
        page_errors=error_links(form),
    )


def _made(request: HttpRequest, made: Made) -> HttpResponse:
    return page(
        request,
        "channel_made",
        thing="feed",
        system=made.feed.name,
        secret=made.secret,
        feed=made.feed,
        address=f"{settings.PUBLIC_URL}/api/feeds/{made.feed.key}/",
    )


@door(Can.SET_UP)
@require_safe
def feed(request: HttpRequest, feed: int) -> HttpResponse:
    """Show one feed: where it sends to, how it is doing."""
    viewer, _ = looking(request)
    found = feed_queries.feed_to_set_up(viewer, feed)
    shape = feed_actions.shapes_of(found.kind).get(found.shape, found.shape)
    return page(
        request, "feed", feed=found, shape=shape, address=f"{settings.PUBLIC_URL}/api/feeds/{found.key}/"
    )


@door(Can.SET_UP)
@require_POST
def rotate_feed(request: HttpRequest, feed: int) -> HttpResponse:
    """Give a feed another secret; the answer shows it, this once."""
    viewer, now = looking(request)
    return _made(request, feed_actions.rotate(by=viewer, feed_id=feed, now=now))


@door(Can.SET_UP)
@require_POST
def try_feed(request: HttpRequest, feed: int) -> HttpResponse:
    """Sign and read a test message with the feed's secret; nothing is logged."""
    viewer, now = looking(request)
    feed_actions.try_feed(by=viewer, feed_id=feed, now=now)
    messages.success(
        request, "A test message was signed with the secret of this feed, and read. Nothing was logged."
    )
    return redirect("workplace:desk_feed", feed=feed)


@door(Can.SET_UP)
@require_POST
def end_feed(request: HttpRequest, feed: int) -> HttpResponse:
    """End a feed."""
    viewer, now = looking(request)
    ended = feed_actions.end_feed(by=viewer, feed_id=feed, now=now)
    messages.success(request, f"The feed “{ended.name}” is ended: its messages are not taken any more.")
    return redirect("workplace:desk_feeds")
