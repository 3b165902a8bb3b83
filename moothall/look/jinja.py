"""The one Jinja2 environment of the house."""

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.forms import renderers
from django.urls import reverse
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
    Undefined,
)

from moothall.look import assets, dates, frames, themes
from moothall.look.addresses import address_of
from moothall.look.forms import error_links, shape_of

# Templates of others rely on missing names; ours fail on them.
_LENIENT = ("govuk_frontend_jinja/", "django/")
_GOVUK_LOADER = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
_DJANGO_FORMS_LOADER = FileSystemLoader(Path(renderers.__file__).parent / "jinja2")


class HouseEnvironment(Environment):
    """Compile the templates of others with a lenient twin of this environment, ours with this strict one."""

    lenient: Environment | None = None

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:  # noqa: A002
        if self.lenient is not None and name.startswith(_LENIENT):
            return self.lenient._load_template(name, globals)  # noqa: SLF001 - the one place templates pass
        return super()._load_template(name, globals)


def environment(**options: Any) -> Environment:
    """Return the environment that Django's Jinja2 backend renders with."""
    shared: dict[str, Any] = {
        **options,
        "autoescape": True,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "loader": ChoiceLoader([options["loader"], _GOVUK_LOADER, _DJANGO_FORMS_LOADER]),
        "cache_size": -1,
    }
    made = HouseEnvironment(**{**shared, "undefined": StrictUndefined})
    # the macros were written for Jinja's own way with white space
    made.lenient = Environment(  # noqa: S701 - autoescape is among the shared options
        **{**shared, "trim_blocks": False, "lstrip_blocks": False, "undefined": Undefined}
    )
    for each in (made, made.lenient):
        each.globals.update(_globals())
        each.filters.update(_filters())
    return made


def static(path: str) -> str:
    """Return the address of a file the browser is given."""
    return f"{settings.STATIC_URL}{path}"


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """Return the address of a named page."""
    return reverse(name, args=args, kwargs=kwargs) if args or kwargs else address_of(name)


def _globals() -> dict[str, Any]:
    return {
        "assets_ready": assets.ready,
        "error_links": error_links,
        "frame_of": frames.frame_of,
        "house_theme": themes.HOUSE,
        "menu_of": frames.menu_of,
        "frame_name": frames.name_of,
        "messages_of": frames.messages_of,
        "shape_of": shape_of,
        "static": static,
        "theme_url": frames.theme_url,
        "url": url,
        "working_days": dates.working_days,
    }


def _filters() -> dict[str, Any]:
    return {
        "date": dates.in_words,
        "datetime": dates.with_time,
        "length_of_time": dates.length,
        "machine": dates.machine,
        "near": dates.near,
        "plural": plural,
        "short_date": dates.short,
        "short_datetime": dates.short_with_time,
        "time": dates.time_of_day,
        "weekday": dates.weekday,
    }


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun.

    >>> plural(1, "request"), plural(1200, "request"), plural(2, "reply", "replies")
    ('1 request', '1,200 requests', '2 replies')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
