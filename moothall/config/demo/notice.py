"""What every page of the demonstration says of itself, and the two doors that exist only there."""

from dataclasses import replace

from django.conf import settings

from moothall.look.hooks import Frame, Link

NOTICE = "This is a demonstration with made-up councils and people. Nothing you send goes anywhere."
DOORS = (Link("Sign in as anyone", "/demo/people/"), Link("Read its mail", "/demo/mail/"))


def said(frame: Frame) -> Frame:
    """Add the notice and its doors to a frame, in the demonstration."""
    return replace(frame, notice=NOTICE, notice_links=DOORS) if settings.DEMO else frame
