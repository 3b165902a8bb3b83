"""What stands in a pack for whoever opens it: what each file is, and how it can be proved."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from moothall.config.leaving.packing import Pack

_HEAD = """# Everything of {name}

Made on {made_at} from Moothall {version} ({database}).
It holds every row that belongs to {name} (council {council_id}), and no row of another council.

- `manifest.json` names every file with its number of rows and its SHA-256.
- Files of rows are JSON Lines in UTF-8: one row a line, the names of fields as in the database, times in ISO 8601,
  bytes in base 64. `…_id` points to the row with that `id`; a number that is in no file here is of the partnership or
  of another council.
- `files/` has the files of its cases, each named by its own SHA-256; `tables/process.Attachment.jsonl` says what they
  are called.
- `record/` has the council's record and the chain over it: each `hash` is the SHA-256 of the `previous` hash and the
  entry.
- Left empty are locks and keys of the house: passwords of mailboxes, secrets of feeds, digests of keys and of secret
  links.
- Left out are links of the register that say who is known to another council too ({left_out:,}).
- People of other councils are named where this council's own records name them (who did what), and nowhere else.

Prove it: `moothall council leave-pack {code} --to FOLDER --check`.

| file | rows | what it is |
|---|---|---|
"""


def text(made: "Pack") -> str:
    """Return the words of a pack's README."""
    head = _HEAD.format(
        name=made.name,
        made_at=made.made_at,
        version=made.version,
        database=made.database,
        council_id=made.council_id,
        code=made.code,
        left_out=sum(made.left_out.values()),
    )
    lines = [f"| `{part.file}` | {part.rows:,} | {part.what} |" for part in made.parts.values()]
    files = f"| `files/` | {len(made.files):,} | Files of its cases. |"
    missing = (
        f"\n{len(made.missing_files):,} files that rows name were not on the disk any more; the manifest names them.\n"
        if made.missing_files
        else ""
    )
    return head + "\n".join([*lines, files]) + "\n" + missing
