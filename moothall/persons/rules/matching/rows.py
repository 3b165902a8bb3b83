"""People as rows of a table, for comparing millions of pairs in a database.

`row` writes down what is known; `PREPARED` is the query that makes of such rows what `sql` compares. What needs more
than SQL (how a name sounds, which nicknames it has) is worked out once for each name that occurs.
"""

from collections.abc import Collection, Iterable, Iterator

from jellyfish import soundex

from moothall.persons.rules.known import Known
from moothall.persons.rules.matching.levels import first
from moothall.persons.rules.matching.nicknames import groups
from moothall.persons.rules.matching.shapes import checks, keys, sound

APART = "\x1f"
_LISTS = ("givens", "families", "lines", "postcodes", "uprns", "phones", "emails", "nhs", "nino", "keys")
COLUMNS = {
    "unique_id": "BIGINT",
    **dict.fromkeys(("given", "middle", "family", "born"), "VARCHAR"),
    **dict.fromkeys(_LISTS, "VARCHAR"),
    "sound_nhs": "BOOLEAN",
}
NAME_COLUMNS = {
    "name": "VARCHAR", "sound": "VARCHAR", "rough": "VARCHAR", "kin": "VARCHAR", "often": "BOOLEAN",
}  # fmt: skip


def row(number: int, known: Known) -> tuple[str | int | bool, ...]:
    """Return somebody as the columns of `COLUMNS`; lists are one text, with `APART` between."""
    name = first(known)
    nhs = sorted(known.identifiers.get("nhs", ()))
    return (
        number,
        name.given,
        name.middle,
        name.family,
        known.born.isoformat() if known.born else "",
        APART.join({each.given: None for each in known.names if each.given}),
        APART.join({each.family: None for each in known.names if each.family}),
        APART.join([place.line for place in known.places]),
        APART.join([place.postcode for place in known.places]),
        APART.join([place.uprn for place in known.places]),
        APART.join(known.phones),
        APART.join(known.emails),
        APART.join(nhs),
        APART.join(sorted(known.identifiers.get("nino", ()))),
        APART.join(keys(known)) if known.identifiers else "",
        any(map(checks, nhs)),
    )


def name_rows(names: Iterable[str], forenames: Collection[str]) -> Iterator[tuple[str | bool, ...]]:
    """Give each name with how it sounds, its Soundex, its nickname groups, and whether it is a known one."""
    for name in names:
        kin = APART.join(map(str, sorted(groups(name))))
        yield name, sound(name), soundex(name) if name.isascii() else "", kin, name in forenames


def _split(column: str) -> str:
    return f"string_split(nullif({column}, ''), chr(31))"


def _whole(column: str) -> str:
    """Return a list without its empty members; null if none is left."""
    return f"nullif(list_filter({_split(column)}, lambda x: x <> ''), [])"


def _words(text: str, least: int) -> str:
    return f"nullif(list_filter(string_split({text}, ' '), lambda x: len(x) >= {least}), [])"


_NUMBERS = "list_sort(list_filter(string_split(line, ' '), lambda x: regexp_matches(x, '^[0-9]')))"
_SPOT = f"""case when line = '' or postcode = '' then null
  else postcode || ' ' || coalesce(nullif(array_to_string({_NUMBERS}, ' '), ''), line) end"""
_PLACED = {
    "uprn": "uprns", "spot": "spots", "road": "roads", "postcode": "postcodes", "district": "districts",
}  # fmt: skip
PLACED = f"""
with each as (
  select unique_id,
    unnest(string_split(lines, chr(31))) as line,
    unnest(string_split(postcodes, chr(31))) as postcode,
    unnest(string_split(uprns, chr(31))) as uprn,
    unnest(range(len(string_split(lines, chr(31))))) as nth
  from given_people where lines <> '' or postcodes <> '' or uprns <> ''
)
select unique_id,
  list(nullif(uprn, '') order by nth) filter (uprn <> '') as uprns,
  list({_SPOT} order by nth) filter ({_SPOT} is not null) as spots,
  list(line || '|' || postcode[:-4] order by nth) filter (line <> '' and postcode <> '') as roads,
  first(nullif(line, '') order by nth) as line,
  list(postcode order by nth) filter (postcode <> '') as postcodes,
  list(postcode[:-4] order by nth) filter (postcode <> '') as districts
from each group by unique_id
"""  # noqa: S608


def _both(value: str, one: str, many: str) -> str:
    """Return a list as two columns: its first member, and the list itself where it has more."""
    return f"({value})[1] as {one}, case when len({value}) > 1 then {value} end as {many}"


_LOCALS = f"list_filter(list_transform({_split('p.emails')}, lambda x: split_part(x, '@', 1)), lambda x: len(x) >= 4)"
_BIRTHDAY = "least(p.born[6:7], p.born[9:10]) || greatest(p.born[6:7], p.born[9:10])"
PREPARED = f"""
select p.unique_id, nullif(p.given, '') as given, nullif(p.family, '') as family, nullif(p.middle, '') as middle,
  case when len({_split("p.givens")}) > 1 then {_split("p.givens")} end as givens,
  case when len({_split("p.families")}) > 1 then {_split("p.families")} end as families,
  case when len({_split("p.givens")}) > 1 or len({_split("p.families")}) > 1 then true end as names_more,
  case when contains(p.given, ' ') or p.middle <> '' then {_words("p.given", 2)} end as given_words,
  case when contains(p.given, ' ') or p.middle <> '' then {_words("p.given || ' ' || p.middle", 2)} end as all_words,
  case when contains(p.family, ' ') then {_words("p.family", 3)} end as family_words,
  case when contains(p.family, ' ') then true end as family_more,
  {_both(_split("g.kin"), "kin", "kins")},
  coalesce(g.often, false) as given_often, nullif(f.sound, '') as family_sound,
  nullif(p.born, '') as born, try_cast(nullif(p.born, '') as date) as born_on,
  a.line,
  {", ".join(_both(f"a.{many}", one, many) for one, many in _PLACED.items())},
  {_both(_split("p.phones"), "phone", "phones")},
  {_both(_split("p.emails"), "email", "emails")},
  {_both(_LOCALS, "local", "locals")},
  {_both(_split("p.nhs"), "nhs", "nhs_all")}, p.sound_nhs,
  case when p.sound_nhs then {_split("p.nhs")}[1] end as label,
  {_both(_split("p.nino"), "nino", "nino_all")},
  {_both(_split("p.keys"), "key", "keys")},
  nullif(g.rough, '') as rough_given, nullif(f.rough, '') as rough_family,
  nullif(least(g.rough, f.rough) || greatest(g.rough, f.rough), '') as rough,
  nullif(p.born[:4], '') as born_year,
  nullif(p.born[:4] || {_BIRTHDAY}, '') as born_turned,
  nullif(p.given[1:1], '') as initial
from given_people p
left join placed a using (unique_id)
left join given_names g on g.name = p.given
left join given_names f on f.name = p.family
"""  # noqa: S608
