"""The other side of `desk.py`: django-helpdesk with the same calls, in a process and an environment of its own.

It is told what to do line by line (JSON on its input) and answers line by line, so that both sides work in turns.
"""

import gc
import json
import os
import resource
import sys
from base64 import b64encode
from datetime import datetime
from pathlib import Path
from typing import Any

APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "django.contrib.humanize",
    "rest_framework",
    "helpdesk",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]


def main() -> None:
    home = Path(sys.argv[1])
    _configure(home)
    commands = {
        "load": load,
        "list": visit_list,
        "open": visit_open,
        "search": visit_search,
        "create": create,
    }
    for line in sys.stdin:
        told = json.loads(line)
        print(json.dumps(commands[told.pop("do")](**told)), flush=True)


def _configure(home: Path) -> None:
    """Set django-helpdesk up as its documentation says, with the embedded database as Moothall sets its own."""
    from django.conf import settings

    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    settings.configure(
        SECRET_KEY="a benchmark",
        DEBUG=False,
        ALLOWED_HOSTS=["*"],
        USE_TZ=True,
        TIME_ZONE="Europe/London",
        SITE_ID=1,
        HELPDESK_TEAMS_MODE_ENABLED=False,  # as its documentation says for a desk without the package for teams
        HELPDESK_TEAMS_MODEL="auth.User",
        HELPDESK_TEAMS_MIGRATION_DEPENDENCIES=[],
        HELPDESK_KBITEM_TEAM_GETTER=lambda _: None,
        ROOT_URLCONF="helpdesk_peer_urls",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        STATIC_URL="/static/",
        LOGIN_URL="/login/",
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": home / "helpdesk.sqlite3",
                "OPTIONS": {"init_command": pragmas, "transaction_mode": "IMMEDIATE"},
            }
        },
        INSTALLED_APPS=APPS,
        MIDDLEWARE=MIDDLEWARE,
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
    )
    sys.path.insert(0, str(Path(__file__).parent))
    import django

    django.setup()


_client: Any = None


def _signed_in() -> Any:
    global _client  # noqa: PLW0603 - one process, one visitor
    if _client is None:
        from django.contrib.auth import get_user_model
        from django.test import Client

        _client = Client()
        _client.force_login(get_user_model().objects.get(username="agent"))
        gc.freeze()
    return _client


def load(file: str) -> dict[str, Any]:
    """Bring in the calls of a file: one queue, an agent, and of each call its description and one reply."""
    from django.contrib.auth import get_user_model
    from django.contrib.sites.models import Site
    from django.core.management import call_command
    from helpdesk.models import FollowUp, Queue, Ticket

    call_command("migrate", verbosity=0, interactive=False)
    if Ticket.objects.exists():
        return {"tickets": Ticket.objects.count()}
    Site.objects.get_or_create(id=1, defaults={"domain": "localhost", "name": "Peer"})
    user = get_user_model().objects.create_superuser("agent", "agent@example.org", "agent")
    queue = Queue.objects.create(
        title="ICT", slug="ict", allow_public_submission=True, allow_email_submission=False
    )
    rows = [json.loads(line) for line in Path(file).read_text(encoding="utf-8").splitlines()]
    tickets = Ticket.objects.bulk_create(
        [
            Ticket(
                queue=queue,
                title=row["summary"],
                description=row["detail"],
                submitter_email=row["email"],
                status=Ticket.OPEN_STATUS if row["open"] else Ticket.CLOSED_STATUS,
                priority=row["priority"],
                created=datetime.fromisoformat(row["at"]),
                modified=datetime.fromisoformat(row["at"]),
                assigned_to=user if row["taken"] else None,
                secret_key="x",
            )
            for row in rows
        ],
        batch_size=500,
    )
    FollowUp.objects.bulk_create(
        [
            FollowUp(
                ticket=ticket,
                date=ticket.created,
                title="Comment",
                comment=row["reply"],
                public=True,
                user=user,
            )
            for ticket, row in zip(tickets, rows, strict=True)
        ],
        batch_size=500,
    )
    return {"tickets": len(tickets)}


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _measured(times: int, visit: Any) -> dict[str, float]:
    visit(0)
    begun = _cpu()
    for number in range(times):
        visit(number)
    return {"ms": (_cpu() - begun) / times * 1000}


def _good(response: Any) -> None:
    if response.status_code not in {200, 302}:
        raise SystemExit(f"django-helpdesk answered {response.status_code}")


def _table(search: str = "") -> str:
    query: dict[str, Any] = {
        "filtering": {"status__in": [1, 2]},
        "filtering_null": {},
        "search_string": search,
        "sorting": "created",
        "sortreverse": True,
    }
    if search:
        query["filtering"] = {}
    return b64encode(json.dumps(query).encode()).decode()


_COLUMNS = "&".join(
    f"columns[{number}][data]={name}&columns[{number}][searchable]=true&columns[{number}][orderable]=true"
    for number, name in enumerate(("id", "ticket", "priority", "queue", "status", "created", "due_date"))
)


def visit_list(times: int) -> dict[str, float]:
    """Open the list of tickets: its page, and the table that the page fetches."""
    client = _signed_in()

    def visit(_number: int) -> None:
        _good(client.get("/tickets/"))
        _good(
            client.get(
                f"/datatables_ticket_list/{_table()}?draw=1&start=0&length=25&order[0][column]=0&order[0][dir]=desc&{_COLUMNS}"
            )
        )

    return _measured(times, visit)


def visit_open(times: int, numbers: list[int]) -> dict[str, float]:
    """Open one ticket after another."""
    client = _signed_in()
    return _measured(times, lambda number: _good(client.get(f"/tickets/{numbers[number % len(numbers)]}/")))


def visit_search(times: int, words: list[str]) -> dict[str, float]:
    """Search for a word: the table that the page of results fetches."""
    client = _signed_in()

    def visit(number: int) -> None:
        word = words[number % len(words)]
        _good(
            client.get(
                f"/datatables_ticket_list/{_table(word)}?draw=1&start=0&length=25&order[0][column]=0&order[0][dir]=desc&{_COLUMNS}"
            )
        )

    return _measured(times, visit)


def create(times: int) -> dict[str, float]:
    """Fill in the form for a new ticket as the agent."""
    from helpdesk.models import Queue

    client, queue = _signed_in(), Queue.objects.get(slug="ict")

    def visit(number: int) -> None:
        given = {
            "queue": queue.pk,
            "title": f"Printer on floor {number} is out",
            "body": "It blinks and prints nothing since this morning. " * 10,
            "submitter_email": "user@example.org",
            "priority": 3,
            "due_date": "",
            "assigned_to": "",
        }
        _good(client.post("/tickets/submit/", given))
        client.cookies.pop("messages", None)  # as on the other side: the next page shows what was said

    return _measured(times, visit)


if __name__ == "__main__":
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    main()
