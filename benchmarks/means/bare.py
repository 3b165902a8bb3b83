"""What the form page is put beside: a view with nothing around it, and a Django template of the same size."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.test import RequestFactory, override_settings

_HEAD = "<!doctype html><html lang=en><head><title>{{ title }}</title></head><body><h1>{{ title }}</h1><form>"
_ROW = (
    '<div class="{% if row.wrong %}wrong {% endif %}group"><label for="id_{{ row.key }}">{{ row.label }}</label>'
    '<p class="hint" id="hint_{{ row.key }}">{{ row.hint }}</p>'
    '<input type="text" name="{{ row.key }}" id="id_{{ row.key }}" value="{{ row.value }}"></div>\n'
)
_TEMPLATE = Engine().from_string(
    f"{_HEAD}{{% for row in rows %}}{_ROW}{{% endfor %}}<button>{{{{ title }}}}</button></form></body></html>"
)


def rows(size: int) -> list[dict[str, Any]]:
    """Return as many questions as make a page of about this size."""
    each = 330
    return [
        {
            "key": f"question_{number}",
            "label": f"What is the number of the {number}. lamp?",
            "hint": "You find it on a small plate, at the height of your eyes; it begins with a letter & a dash.",
            "value": f"A-{number}",
            "wrong": number % 7 == 0,
        }
        for number in range(max(1, size // each))
    ]


def page(size: int) -> Any:
    """Return the bare page, answered by Django's own handler without any middleware."""
    from django.core.handlers.wsgi import WSGIHandler

    from benchmarks.means.visitors import Page

    held = rows(size)

    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(_TEMPLATE.render(Context({"title": "Street lamps", "rows": held})))

    global urlpatterns  # noqa: PLW0603
    from django.urls import path

    urlpatterns = [path("bare/", view)]
    with override_settings(MIDDLEWARE=[], ROOT_URLCONF=__name__):
        handler = WSGIHandler()
    factory = RequestFactory()

    def visit(_number: int) -> Any:
        request = factory.get("/bare/")
        request.urlconf = __name__
        response = handler.get_response(request)
        response.close()
        return response

    return Page("bare Django view, Django template", visit, 0)


urlpatterns: list[Any] = []
