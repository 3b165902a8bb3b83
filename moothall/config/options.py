"""Every option: its type, its default and what it means. Set them as MOOTHALL_… in the environment."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Options(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="MOOTHALL_", extra="ignore")

    home: Path = Field(Path("home"), description="Folder for the embedded database, files, keys and logs.")
    database_url: str = Field(
        "",
        description="postgresql://user:password@host:5432/name; empty for the embedded SQLite database. "
        "To serve, a role that owns nothing; for `moothall migrate`, the owner of the tables.",
    )
    database_role: str = Field(
        "",
        description=(
            "PostgreSQL role that requests and jobs act as, so that row-level security holds; "
            "see `moothall protect`."
        ),
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="At least 50 random characters; empty: made once and kept in the home folder.",
    )
    former_secret_keys: list[SecretStr] = Field(
        [],
        description="Secret keys used before, as a JSON list: what they sealed or signed can still be read.",
    )
    hosts: list[str] = Field(
        ["127.0.0.1", "localhost"], description="Host names the house answers to, as a JSON list."
    )
    public_url: str = Field(
        "http://127.0.0.1:8000",
        description="Address that residents and staff use; links in emails start with it.",
    )
    https: bool = Field(
        False, description="True behind TLS: cookies are sent only over HTTPS, and HSTS is on."
    )
    proxies: int = Field(
        0,
        description="Number of trusted proxies before the house; the visitor's address is read behind them.",
    )
    second_factor: Literal["require", "ask", "off"] | None = Field(
        None,
        description="Staff without a second factor: `require` one, `ask` at sign-in, or `off`. "
        "Empty: `require`, and `off` in the demonstration.",
    )
    staff_idle_minutes: int = Field(60, description="Staff are signed out after resting this long.")
    staff_hours: int = Field(12, description="Staff sign in again after this long.")
    resident_idle_hours: int = Field(24, description="Residents are signed out after resting this long.")
    resident_days: int = Field(14, description="Residents sign in again after this long.")
    debug: bool = Field(False, description="True shows programmers' error pages. Never in production.")
    demo: bool = Field(False, description="True in the demonstration: sign in as anyone, read all mail.")
    processes: Path | None = Field(None, description="Folder with the partnership's own process files.")
    two_person_publishing: bool = Field(
        False,
        description="True: a process is published by another person than proposed it or saved it last. "
        "The `moothall process` command stays open to whoever has the machine, and is on record.",
    )
    mail_host: str = Field(
        "", description="SMTP server; empty: mail waits in the outbox and `moothall doctor` says so."
    )
    mail_port: int = Field(587, description="Port of the SMTP server.")
    mail_user: str = Field("", description="User name at the SMTP server.")
    mail_password: SecretStr = Field(SecretStr(""), description="Password at the SMTP server.")
    mail_starttls: bool = Field(True, description="Speak STARTTLS to the SMTP server.")
    mail_from: str = Field(
        "no-reply@localhost", description="Sender of emails of a council that has none of its own."
    )
    mail_in_limit_mb: int = Field(
        35,
        description="Largest letter that is taken in, in megabytes; of a larger one only the head is fetched.",
    )
    upload_limit_mb: int = Field(10, description="Largest file that is taken, in megabytes.")
    log_format: Literal["json", "text"] = Field(
        "json", description="`json` for one object a line, `text` for people."
    )
    metrics_token: SecretStr = Field(
        SecretStr(""),
        description="Bearer token for /metrics and the details of /readyz; empty: only this machine may ask.",
    )
    backups: Path | None = Field(
        None, description="Folder that `moothall backup` writes to; empty: `backups` in the home folder."
    )


@cache
def options() -> Options:
    """Return the options, read once."""
    return Options()
