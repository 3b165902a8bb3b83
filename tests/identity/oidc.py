"""An OpenID Connect server in the process of the test, and the way to it and back."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

SECRET = "a secret between us"


@dataclass
class Issuer:
    """An OpenID Connect server: who signs in there next is whoever `claims` says."""

    claims: dict[str, Any]
    address: str = ""
    given: dict[str, dict[str, Any]] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    broken: bool = False

    def describe(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def token(self, code: str, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        asked = self.given.pop(code, None)
        secret = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        if asked is None or secret != f"moothall:{SECRET}" or "code_verifier" not in form:
            return None
        now = int(time.time())
        facts = {"iss": self.address, "aud": "moothall", "iat": now, "exp": now + 60, **self.claims}
        return {
            "access_token": "opaque",
            "token_type": "Bearer",
            "id_token": jwt.encode(facts, self.key, algorithm="RS256", headers={"kid": "1"}),
        }


def handler(issuer: Issuer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            if issuer.broken:
                self.answer(None)
            elif address.path == "/authorize":
                code = f"code-{len(issuer.given)}-{time.time_ns()}"
                issuer.given[code] = asked
                self.send_response(302)
                self.send_header(
                    "Location",
                    f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}",
                )
                self.end_headers()
            elif address.path == "/userinfo":
                self.answer(issuer.claims)
            else:
                self.answer(issuer.describe())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self.answer(issuer.token(form["code"], form, self.headers.get("Authorization", "")))

        def answer(self, facts: dict[str, Any] | None) -> None:
            self.send_response(400 if facts is None else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(facts or {"error": "invalid_grant"}).encode())

        def log_message(self, *args: Any) -> None: ...

    return Handler


@contextmanager
def running() -> Iterator[Issuer]:
    """Run a server at which Ada Byron signs in."""
    made = Issuer({"sub": "1", "email": "ada@ash.example", "email_verified": True, "name": "Ada Byron"})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(made))
    made.address = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


def sign_in_at(client: Client, issuer: Issuer, code: str = "ash-staff", query: str = "") -> Any:
    """Go to the provider, sign in there, and come back."""
    going = client.post(f"/account/providers/{code}/login/{query}")
    page = going.content.decode()
    assert going.status_code == 200, page
    address = page.partition('content="0; url=')[2].partition('"')[0].replace("&amp;", "&")
    back = requests.get(address, allow_redirects=False, timeout=5).headers["Location"]
    parts = urlsplit(back)
    return client.get(f"{parts.path}?{parts.query}")
