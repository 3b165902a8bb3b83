"""The door for signed messages of monitoring and of change records."""

import json
from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from moothall.councils import scope
from moothall.councils.doors import public
from moothall.servicedesk.actions.feeds import take
from moothall.servicedesk.errors.channels import MessageNotUnderstood, MessageTooLarge
from moothall.servicedesk.queries.feeds import NUMBER, signed_feed
from moothall.servicedesk.views.problems import in_problems

LARGEST = 256 * 1024


@csrf_exempt
@public
@in_problems
@require_POST
def hear(request: HttpRequest, key: str) -> HttpResponse:
    """Take a signed message. The signature is the lock; 202 is said once what it says was done."""
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise MessageTooLarge(limit=f"{LARGEST // 1024} KB")
    now = timezone.now()
    feed = signed_feed(key, request.headers, body, now)
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        raise MessageNotUnderstood(why="It is not JSON.") from None
    with scope.only([feed.council_id]):
        taken = take(feed, number=request.headers[NUMBER], message=message, now=now)
    return JsonResponse(asdict(taken), status=202)
