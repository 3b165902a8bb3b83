"""What a browser never sends by itself: cursors, numbers and filters made up by hand. Nothing breaks, nothing opens."""

import pytest

from tests.isolation.addresses import NOWHERE
from tests.isolation.visitors import Visitor
from tests.isolation.world import Thing

pytestmark = pytest.mark.django_db
HOSTILE = (
    "", "0", "-1", "1e9", "9" * 30, "-" + "9" * 30, "\x00", "%00", "'; DROP TABLE process_case; --", "../../etc/passwd",
    "null", "[]", "{}", "true", "\u202e", "\uff11\uff12", "a" * 5000, "0001-01-01T00:00:00+14:00_1",
    "9999-12-31T23:59:59-14:00_1", f"2026-01-01T00:00:00+00:00_-{'9' * 30}", "2026-01-01T00:00:00+00:00_" + "9" * 18,
    "NaN", "inf", "\ud83d", "{{7*7}}", "%(id)s", "$(id)",
)  # fmt: skip
_ASKED = {
    "/work/": ("tab", "team", "council", "late", "after"),
    "/work/search/": ("q", "after"),
    "/work/journal/": ("about", "what", "who", "before"),
    "/work/people/": ("q", "council", "gone"),
    "/work/processes/lost-canary/": ("version",),
    "/ash/find/": ("q",),
    "/ash/follow/": ("reference",),
    "/account/login/": ("next", "council"),
    "/demo/mail/": ("to",),
}


class TestHostileQueries:
    @pytest.mark.parametrize("path", _ASKED)
    def test_break_nothing(self, people: dict[str, Visitor], path: str) -> None:
        broken = []
        for name in _ASKED[path]:
            for value in HOSTILE:
                answer = people["supervisor"].client.get(path, {name: value.encode("utf-8", "surrogatepass")})
                if answer.status_code >= 500:
                    broken.append(f"?{name}={value[:40]!r}: {answer.status_code}")
        assert broken == []

    def test_break_nothing_in_the_address_itself(self, people: dict[str, Visitor], own: Thing) -> None:
        tries = [
            f"/work/case/{own.reference}/files/{'9' * 40}/",
            f"/work/case/{own.reference}/files/{NOWHERE}/",
            f"/work/people/{'9' * 40}/",
            f"/work/case/{own.reference.lower()}/clock/__proto__/",
            "/work/case/..%2f..%2fetc%2fpasswd/",
            f"/{own.code}/follow/{own.reference}/%00/",
            f"/{own.code}/follow/%00/{own.token}/",
            f"/{own.code}/follow/{own.reference}/{'a' * 3000}/",
            f"/{own.code}/follow/{own.reference}/é%F0%9F%92%A9/",
            f"/{own.code}/return/%ff%fe/",
            f"/{own.code}/services/%2e%2e/questions/what/",
            "//evil.example/work/",
            "/account/password/reset/key/zzzzzzzzzzzzzzzz-set-password/",
            "/look/theme/ash-00000000.css",
        ]
        answers = {path: people["supervisor"].client.get(path).status_code for path in tries}
        assert {path: status for path, status in answers.items() if status >= 500} == {}


class TestHostileForms:
    @pytest.mark.parametrize("value", HOSTILE)
    def test_of_staff_break_nothing(self, people: dict[str, Visitor], own: Thing, value: str) -> None:
        case = f"/work/case/{own.reference}"
        tries: dict[str, dict[str, str]] = {
            f"{case}/step/check/": {"check-expected": value, "check-outcome": value, "check-question": value},
            f"{case}/step/check/take/": {"expected": value},
            f"{case}/step/check/pass-on/": {"expected": value, "to": value, "why": value},
            f"{case}/note/": {"text": value},
            "/work/new/ash/lost-canary/": dict.fromkeys(
                ("what", "more", "channel", "name", "prefers", "email", "phone", "submission"), value
            ),
        }
        sent = {
            path: people["supervisor"].client.post(
                path, {name: text.encode("utf-8", "surrogatepass") for name, text in data.items()}
            )
            for path, data in tries.items()
        }
        assert {path: answer.status_code for path, answer in sent.items() if answer.status_code >= 500} == {}

    @pytest.mark.parametrize("value", HOSTILE)
    def test_of_administrators_break_nothing(
        self, people: dict[str, Visitor], own: Thing, value: str
    ) -> None:
        person = f"/work/people/{own.staff}"
        tries: dict[str, dict[str, str]] = {
            f"{person}/give-role/": {"role": value, "council": value},
            f"{person}/take-role/": {"role": value, "council": value},
            f"{person}/leaves/": dict.fromkeys(("last_day_day", "last_day_month", "last_day_year"), value),
            "/work/hours/ash/close/": {"day_day": "1", "day_month": "1", "day_year": value, "reason": value},
            "/work/hours/ash/open/": {"day": value},
        }
        sent = {
            path: people["partnership-administrator"].client.post(
                path, {name: text.encode("utf-8", "surrogatepass") for name, text in data.items()}
            )
            for path, data in tries.items()
        }
        assert {path: answer.status_code for path, answer in sent.items() if answer.status_code >= 500} == {}
