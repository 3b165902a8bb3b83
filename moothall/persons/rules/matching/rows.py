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
  list(line || '|' || postcode[:-4] order by nth) filter (line <> '' and postcode <> '') as lines,
  first(nullif(line, '') order by nth) as line,
  list(postcode order by nth) filter (postcode <> '') as postcodes,
  list(postcode[:-4] order by nth) filter (postcode <> '') as districts
from each group by unique_id
"""  # noqa: S608
PREPARED = f"""
select p.unique_id, nullif(p.given, '') as given, nullif(p.family, '') as family,
  nullif(p.middle, '') as middle,
  {_split("p.givens")} as givens, {_split("p.families")} as families,
  len({_split("p.givens")}) > 1 or len({_split("p.families")}) > 1 as names_more,
  {_words("p.given", 2)} as given_words, {_words("p.given || ' ' || p.middle", 2)} as all_words,
  p.middle <> '' or contains(p.given, ' ') as given_more,
  {_words("p.family", 3)} as family_words, contains(p.family, ' ') as family_more,
  {_split("g.kin")} as kin, coalesce(g.often, false) as given_often, nullif(f.sound, '') as family_sound,
  nullif(p.born, '') as born, try_cast(nullif(p.born, '') as date) as born_on,
  a.uprns, a.spots, a.lines, a.postcodes, a.districts,
  a.line, a.uprns[1] as uprn, a.spots[1] as spot, a.postcodes[1] as postcode, a.districts[1] as district,
  {_split("p.phones")} as phones, {_split("p.phones")}[1] as phone,
  {_split("p.emails")} as emails, {_split("p.emails")}[1] as email,
  nullif(list_filter(list_transform({_split("p.emails")}, lambda x: split_part(x, '@', 1)), lambda x: len(x) >= 4), [])
    as locals,
  {_split("p.nhs")} as nhs_all, {_split("p.nhs")}[1] as nhs, p.sound_nhs,
  case when p.sound_nhs then {_split("p.nhs")}[1] end as label,
  {_split("p.nino")} as nino_all, {_split("p.nino")}[1] as nino,
  {_split("p.keys")} as keys,
  nullif(g.rough, '') as rough_given, nullif(f.rough, '') as rough_family,
  nullif(least(g.rough, f.rough) || greatest(g.rough, f.rough), '') as rough,
  nullif(p.born[:4], '') as born_year,
  nullif(p.born[:4] || least(p.born[6:7], p.born[9:10]) || greatest(p.born[6:7], p.born[9:10]), '') as born_turned,
  nullif(p.given[1:1], '') as initial
from given_people p
left join placed a using (unique_id)
left join given_names g on g.name = p.given
left join given_names f on f.name = p.family
"""  # noqa: S608
