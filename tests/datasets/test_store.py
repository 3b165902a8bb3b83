"""The store: what goes in comes out, and nothing is left behind."""

from pathlib import Path

import duckdb
import pytest

from moothall.datasets.store import store

COLUMNS = {"id": "BIGINT", "name": "VARCHAR", "sound": "BOOLEAN"}


class TestATable:
    def test_keeps_any_text_as_it_is(self) -> None:
        odd = [
            "",
            'a "quoted", one',
            "new\nline",
            "  spaces ",
            "\x1fapart",
            "NULL",
            "ß'; drop table people; --",
        ]
        with store(threads=1) as tables:
            assert tables.table(
                "people", COLUMNS, [(at, name, at % 2 == 0) for at, name in enumerate(odd)]
            ) == len(odd)
            assert [name for (name,) in tables.rows("select name from people order by id")] == odd
            assert tables.rows("select sound from people where id = 1") == [(False,)]

    def test_may_be_empty_and_may_be_made_again(self) -> None:
        with store() as tables:
            assert tables.table("people", COLUMNS, []) == 0
            assert tables.rows("select * from people") == []
            tables.table("people", {"id": "BIGINT"}, [(1,)])
            assert tables.number("select count(*) from people") == 1

    def test_is_given_row_by_row_however_long(self) -> None:
        with store() as tables:
            tables.table("people", {"id": "BIGINT"}, ((at,) for at in range(120_000)))
            assert [number for (number,) in tables.each("select id from people order by id")] == list(
                range(120_000)
            )

    def test_refuses_what_is_not_of_its_column(self) -> None:
        with store() as tables, pytest.raises(duckdb.Error):
            tables.table("people", {"id": "BIGINT"}, [("one",)])


class TestAStore:
    def test_leaves_nothing_behind(self) -> None:
        with store() as tables:
            folder = Path(tables.rows("select current_setting('temp_directory')")[0][0]).parent
            tables.table("people", COLUMNS, [(1, "Ann", True)])
            assert folder.exists()
            assert list(folder.glob("*.csv")) == []
        assert not folder.exists()

    def test_fetches_nothing_from_the_network(self) -> None:
        with store() as tables:
            assert tables.rows("select current_setting('autoinstall_known_extensions')") == [(False,)]

    def test_says_0_where_there_is_no_number(self) -> None:
        with store() as tables:
            assert tables.number("select sum(x) from (select 1 as x where false)") == 0
