"""Walking through a service as a browser does: each page by its address, each form by what is typed."""

from datetime import datetime
from typing import Any

from django.test import Client

from tests.requests.making import Town

TODAY = datetime.now().astimezone()
ADDRESS = {"address_line1": "12 High Street", "address_town": "Ashfield", "address_postcode": "AB10 1AB"}
DAY = {
    "collection_day_day": str(TODAY.day),
    "collection_day_month": str(TODAY.month),
    "collection_day_year": str(TODAY.year),
}
BIN: dict[str, dict[str, Any]] = {
    "address": ADDRESS,
    "bin": {"bin": "refuse"},
    "collection_day": DAY,
    "put_out": {"put_out": "yes"},
    "assisted": {"assisted": "no"},
    "where_left": {},
    "photo": {},
}
SAM = {"name": "Sam Okoro", "email": "sam@example.org", "phone": ""}


def service(town: Town, *more: str, name: str = "missed-bin") -> str:
    return "/".join(["", town.council.code, "services", name, *more, ""])


def question(town: Town, key: str) -> str:
    return service(town, "questions", key)


def answer_all(client: Client, town: Town, answers: dict[str, dict[str, Any]] = BIN) -> Any:
    """Answer every question; return the last answer."""
    last = None
    for key, typed in answers.items():
        last = client.post(question(town, key), typed)
        assert last.status_code == 302, (key, last.content.decode())
    return last


def send(client: Client, town: Town, contact: dict[str, str] = SAM) -> Any:
    """Answer everything and send it; return the confirmation."""
    answer_all(client, town)
    assert client.post(service(town, "contact"), contact).status_code == 302
    return client.post(service(town, "check"), follow=True)
