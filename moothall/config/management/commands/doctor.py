"""`moothall doctor`: what is unsafe or missing, in sentences, with what to do about it."""

from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from moothall.plain import checkup

QUESTIONS = ("security", "storage", "work", "coming_in")


class Command(BaseCommand):
    help = "Say what is unsafe or missing, and what to do. The exit status is 1 if anything is a problem."
    requires_system_checks = ()

    def handle(self, *_: Any, **__: Any) -> None:
        for name in QUESTIONS:
            import_module(f"moothall.config.doctor.{name}")
        problems = advices = asked = 0
        for name, findings in checkup.run(timezone.now()):
            asked += 1
            for finding in findings:
                bad = finding.level == "problem"
                problems, advices = problems + bad, advices + (not bad)
                mark = self.style.ERROR("Problem") if bad else self.style.WARNING("Advice")
                self.stdout.write(f"{mark} ({name}): {finding.what}\n    {finding.do}")
        self.stdout.write(
            f"{asked} questions asked: {counted(problems, 'problem')}, {counted(advices, 'advice')}."
        )
        if problems:
            raise SystemExit(1)


def counted(number: int, noun: str) -> str:
    """Say how many.

    >>> counted(1, "problem"), counted(0, "problem"), counted(2, "advice")
    ('1 problem', '0 problems', '2 pieces of advice')
    """
    if noun == "advice":
        return "1 piece of advice" if number == 1 else f"{number} pieces of advice"
    return f"{number} {noun}{'' if number == 1 else 's'}"
