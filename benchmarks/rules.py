"""Measure one rule: Moothall's own beside Google's CEL (cel-expr-python), the same rules over the same facts.

The rules are those of the house's own processes, as far as both read them; each is compiled once on both sides. What
each comes to is compared, too.
"""

import argparse
from typing import Any

from benchmarks.means.measuring import Verdicts, cpu_ms, heading, median

MOST_US = 10.0
FACTS: dict[str, Any] = {
    "put_out": True, "bin": "garden", "garden_licence": True, "assisted": False, "crew_report": "not-done",
    "rag": "amber", "consent": True, "threshold": "level-2", "priority": "P1", "impact": "council",
    "adults": 2, "total": 1_250_000, "urgency": "no", "danger": ["flooding", "gas"], "name": "Ash Grove",
}  # fmt: skip
RULES = (
    "put_out == false",
    'bin == "garden"',
    'put_out == true && (bin != "garden" || garden_licence == true)',
    'put_out == true && bin == "garden" && garden_licence == false',
    'crew_report in ["nothing", "blocked", "not-done"] || assisted == true',
    'crew_report != "blocked" || assisted == false || size(name) > 3',
    'rag in ["red", "amber"]',
    'threshold in ["level-2", "level-3"]',
    'priority != "P1"',
    "adults > 1",
    "total > 250000 && total <= 5000000",
    '"flooding" in danger',
    "size(danger) > 1",
    'name.startsWith("Ash") && !name.contains("Mill")',
    "adults == 1 ? assisted == true : put_out == true",
    "total / 100 + adults * 3 >= 12500",
    '(impact == "council" && urgency == "no") || (impact == "team" && urgency == "partly") || priority == "P1"',
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--times", type=int, default=5_000)
    given = parser.parse_args()
    from cel_expr_python import cel as google

    from moothall.process import cel

    verdicts = Verdicts()
    heading("One rule")
    kinds = {bool: google.Type.BOOL, int: google.Type.INT, str: google.Type.STRING}
    variables = {
        key: kinds.get(type(value)) or google.Type.List(google.Type.STRING) for key, value in FACTS.items()
    }
    env = google.NewEnv(variables=variables)
    print(
        f"\n{given.rounds} rounds of {given.times:,} times each rule, CPU, median:\n   ours  Google's  the rule"
    )
    ours_all, theirs_all, differ = [], [], 0
    for source in RULES:
        program = env.compile(source)
        ours, theirs = [], []
        for _ in range(given.rounds):
            ours.append(1000 * cpu_ms(lambda: cel.holds(source, FACTS), given.times))  # noqa: B023
            theirs.append(1000 * cpu_ms(lambda: program.eval(data=FACTS).value(), given.times))  # noqa: B023
        differ += cel.holds(source, FACTS) is not program.eval(data=FACTS).plain_value()
        ours_all.append(median(ours))
        theirs_all.append(median(theirs))
        print(f"  {median(ours):5.2f} µs {median(theirs):5.1f} µs  {source}")
    ratio = median([other / mine for mine, other in zip(ours_all, theirs_all, strict=True)])
    print(f"Google's takes {ratio:.1f} times as long as ours (median of the rules' ratios)")
    verdicts.most("CPU of the slowest rule", max(ours_all), MOST_US, " µs")
    verdicts.exactly("rules that come to something else", differ, 0)
    verdicts.leave()


if __name__ == "__main__":
    main()
