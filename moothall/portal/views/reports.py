"""What a council has published of its major incidents, for everybody to read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from moothall.councils.doors import public
from moothall.portal.visit import council_here
from moothall.servicedesk.queries import publishing

HEADING = "## "


@public
@require_safe
def reports(request: HttpRequest, council: str) -> HttpResponse:
    """Show the reports that a council has published, the newest first."""
    del council
    here = council_here(request)
    return render(
        request, "portal/reports.html", {"council": here, "found": publishing.published(here)}, using="jinja2"
    )


@public
@require_safe
def report(request: HttpRequest, council: str, report: str) -> HttpResponse:
    """Show one published report."""
    del council
    here = council_here(request)
    found = publishing.report_of(here, report)
    facts = {"council": here, "found": found, "parts": parts(found.text)}
    return render(request, "portal/report.html", facts, using="jinja2")


def parts(text: str) -> list[tuple[str, list[str]]]:
    r"""Return the sections of a report, each with its heading (none before the first) and its paragraphs.

    >>> parts("It was away.\n\n## Why\n\nA line\nwas cut.")
    [('', ['It was away.']), ('Why', ['A line\nwas cut.'])]
    """
    found: list[tuple[str, list[str]]] = [("", [])]
    for block in text.split("\n\n"):
        head, _, rest = block.strip().partition("\n")
        if head.startswith(HEADING):
            found.append((head.removeprefix(HEADING).strip(), [rest.strip()] if rest.strip() else []))
        elif block.strip():
            found[-1][1].append(block.strip())
    return [each for each in found if each[0] or each[1]]
