"""Splink, asked about one person at a time: `predict_between` with the register in DuckDB's memory.

Only its time is taken: the model has the weights it begins with, as training them would change no step of the work.
"""

import time
from collections.abc import Sequence
from typing import Any

RULES = (
    ("nhs",), ("born", "family"), ("born", "given"), ("postcode", "given"), ("postcode", "born"), ("family", "given"),
    ("phone",), ("email",), ("born", "postcode"),
)  # fmt: skip


def row(number: int, known: Any) -> dict[str, Any]:
    """Return somebody as Splink has them: one value of each kind."""
    name = known.names[0] if known.names else None
    place = known.places[0] if known.places else None
    return {
        "unique_id": number,
        "given": name.given if name else None,
        "family": name.family if name else None,
        "born": known.born.isoformat() if known.born else None,
        "line": place.line if place else None,
        "postcode": place.postcode if place else None,
        "phone": known.phones[0] if known.phones else None,
        "email": known.emails[0] if known.emails else None,
        "nhs": next(iter(known.identifiers.get("nhs", ())), None),
    }


def ask(people: int, came: Sequence[Any]) -> list[float]:
    """Return the milliseconds that each question took, once the register is loaded; its answers are not judged."""
    import duckdb
    import pandas as pd
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    from tests.persons.population import register

    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("given"),
            cl.JaroWinklerAtThresholds("family"),
            cl.LevenshteinAtThresholds("born"),
            cl.JaroWinklerAtThresholds("line"),
            *(cl.ExactMatch(column) for column in ("postcode", "phone", "email", "nhs")),
        ],
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in RULES],
    )
    connection = duckdb.connect()
    database = DuckDBAPI(connection)
    everybody = pd.DataFrame([row(number, known) for number, (_, known) in enumerate(register(people))])
    connection.execute("create table held as select * from everybody").fetchall()
    connection.execute("create table came as select * from held where false").fetchall()
    held = database.register("held")
    linker = Linker([held, database.register("came")], settings, log_level="ERROR")
    taken = []
    for number, known in enumerate(came):
        one = pd.DataFrame([row(number, known)]).astype(everybody.dtypes)
        connection.execute(f"create table came_{number} as select * from one").fetchall()
        new = database.register(f"came_{number}")
        began = time.perf_counter_ns()
        found = linker.inference.predict_between(held, new, warning_mode="never")
        found.as_record_list()
        taken.append((time.perf_counter_ns() - began) / 1e6)
        del one
    return taken
