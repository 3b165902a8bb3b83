"""The other side of `linkage.py`: Splink 5 as its tutorials use it, from the same file, in a process of its own.

Each field is compared by the comparison that Splink's library has for it, addresses field by field; u from random
pairs, m by expectation and maximisation over two blocking rules, no term frequencies; clusters are all that hangs
together.
"""

import json
import resource
import sys
import time
from pathlib import Path

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

PREDICT, CLUSTER = 0.9, (4.25, 10, 17, 24, 31, 38, 45)
"""The tutorial predicts at .9 and makes clusters at .95, which is 4.25 bits; higher cut-offs are tried, too."""


def settings() -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("given"),
            cl.NameComparison("family"),
            cl.DateOfBirthComparison("born", input_is_string=True),
            cl.LevenshteinAtThresholds("line", [1, 3]),
            cl.PostcodeComparison("postcode"),
            cl.ExactMatch("uprn"),
            cl.ExactMatch("phone"),
            cl.EmailComparison("email"),
            cl.LevenshteinAtThresholds("nhs", 1),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("nhs"),
            block_on("family", "born"),
            block_on("given", "born"),
            block_on("given", "family", "substr(born, 1, 4)"),
            block_on("postcode", "substr(given, 1, 1)"),
            block_on("postcode", "born"),
            block_on("substr(postcode, 1, 4)", "given", "family"),
            block_on("phone"),
            block_on("email"),
        ],
    )


def main(file: Path, out: Path) -> None:
    clock, wall = time.perf_counter(), 0.0
    began = time.process_time()
    connection = duckdb.connect(":memory:", config={"temp_directory": str(out.parent / "spill")})
    connection.execute(
        f"create table people as select * exclude (traits) from read_csv('{file}', all_varchar = true, header = true)"
    ).fetchall()
    connection.execute("alter table people alter unique_id type bigint").fetchall()
    took = {"reading": time.process_time() - began}
    began = time.process_time()
    linker = Linker(DuckDBAPI(connection).register("people"), settings(), log_level="ERROR")
    linker.training.estimate_probability_two_random_records_match(
        [block_on("given", "family", "born"), block_on("nhs")], recall=0.7
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("given", "family"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("born"))
    took["learning"] = time.process_time() - began
    began = time.process_time()
    pairs = linker.inference.predict(threshold_match_probability=PREDICT)
    took["scoring"] = time.process_time() - began
    clusters = {}
    for cut in CLUSTER:
        began = time.process_time()
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_weight=cut)
        clusters[cut] = [
            cluster
            for (cluster,) in connection.execute(
                f"select cluster_id from {found.physical_name} order by unique_id"
            ).fetchall()
        ]
        took.setdefault("clustering", time.process_time() - began)
        wall = wall or time.perf_counter() - clock
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    out.write_text(
        json.dumps({"took": took, "wall": wall, "peak": peak, "clusters": clusters}), encoding="utf-8"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
