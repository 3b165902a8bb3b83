"""Who somebody proved to be at a provider: what is believed, who is told, and what is forgotten."""

import json
import time
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management import CommandError, call_command
from django.test import Client

from moothall.identity import actions, hooks, proofs, queries
from moothall.identity.errors import WrongProvider
from moothall.identity.hooks import Proven
from moothall.identity.models import Provider, User
from moothall.identity.proofs import ADDRESS, CORE, NoKeys, Proof, keys_in, proof_of
from moothall.identity.rules import ProviderDetails
from tests.identity.conftest import Kept, sign_in
from tests.identity.oidc import SECRET, Issuer, sign_in_at

OWNER = "did:web:identity.example"
KID = f"{OWNER}#key-1"
PLACE = {"street_address": "Flat 2\n14 Mill Lane", "locality": "Alderbridge", "postal_code": "AB10 1AB"}
PRIYA: dict[str, Any] = {
    "given_name": "Priya",
    "family_name": "Nair",
    "birthdate": "1980-05-04",
    "address": PLACE,
}
HOME = {"line1": "Flat 2", "line2": "14 Mill Lane", "town": "Alderbridge", "postcode": "AB10 1AB"}


@dataclass
class Signer:
    """Whoever signs core identities, as GOV.UK One Login does."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def document(self) -> str:
        jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key()))
        method = {
            "id": KID,
            "type": "JsonWebKey",
            "controller": OWNER,
            "publicKeyJwk": {**jwk, "alg": "ES256"},
        }
        return json.dumps({"id": OWNER, "assertionMethod": [method]})

    def core(self, *, key: Any = None, kid: str = KID, algorithm: str = "ES256", **changes: Any) -> str:
        now = int(time.time())
        names = [
            {"nameParts": [{"type": "GivenName", "value": "Priya"}, {"type": "FamilyName", "value": "Nair"}]},
            {
                "nameParts": [{"type": "FamilyName", "value": "Before"}],
                "validUntil": "2009-01-01",
            },
        ]
        said = {
            "iss": "https://identity.example/",
            "sub": "1",
            "aud": "moothall",
            "iat": now,
            "exp": now + 600,
            "vot": "P2",
            "vc": {"credentialSubject": {"name": names, "birthDate": [{"value": "1980-05-04"}]}},
        }
        return jwt.encode({**said, **changes}, key or self.key, algorithm=algorithm, headers={"kid": kid})


SIGNER = Signer()
KEYS = keys_in(SIGNER.document)
ADDRESSES = [
    {"subBuildingName": "FLAT 2", "buildingNumber": "14", "streetName": "MILL LANE", "postalCode": "AB10 1AB",
     "addressLocality": "ALDERBRIDGE", "uprn": "10022812929", "validFrom": "2022-01-01"},
    {"buildingNumber": "3", "streetName": "OLD ROAD", "postalCode": "AB10 9ZZ", "validUntil": "2022-01-01"},
]  # fmt: skip


def proved(claims: dict[str, Any], keys: Any = None, subject: str = "1") -> Proof | None:
    return proof_of({"sub": "1", **claims}, keys=keys or {}, audience="moothall", subject=subject)


class TestPlainClaims:
    def test_say_who_somebody_is(self) -> None:
        assert proved(PRIYA | {"acr": "substantial"}) == Proof(
            "Priya", "Nair", date(1980, 5, 4), (HOME,), "substantial"
        )

    def test_count_for_less_than_verified_ones_beside_them(self) -> None:
        verified = {"verification": {"trust_framework": "uk_diatf"}, "claims": PRIYA}
        found = proved({"family_name": "Otherwise", "birthdate": "2000-01-01", "verified_claims": verified})
        assert found is not None
        assert (found.family_name, found.level) == ("Nair", "uk_diatf")

    @pytest.mark.parametrize(
        "claims",
        [
            {},
            {"family_name": "Nair"},
            {"birthdate": "1980-05-04"},
            PRIYA | {"birthdate": "1980"},
            PRIYA | {"birthdate": "0000-05-04"},
            PRIYA | {"birthdate": ["1980-05-04"]},
            PRIYA | {"verified_claims": {}},
            PRIYA | {"verified_claims": {"claims": PRIYA}},
            PRIYA | {"sub": "2"},
        ],
    )
    def test_that_say_too_little_prove_nothing(self, claims: dict[str, Any]) -> None:
        assert proved(claims) is None

    def test_of_nobody_prove_nothing(self) -> None:
        assert proved(PRIYA | {"sub": ""}, subject="") is None

    def test_are_brought_to_one_line(self) -> None:
        found = proved(PRIYA | {"given_name": "Pri\x00ya\n Anjali ", "address": "nowhere"})
        assert found is not None
        assert (found.given_names, found.addresses) == ("Priya Anjali", ())


class TestASignedIdentity:
    def test_says_who_somebody_is_now(self) -> None:
        found = proved({CORE: SIGNER.core(), ADDRESS: ADDRESSES}, KEYS)
        home = {"line1": "FLAT 2", "line2": "14 MILL LANE", "town": "ALDERBRIDGE"}
        home |= {"postcode": "AB10 1AB", "uprn": "10022812929"}
        assert found == Proof("Priya", "Nair", date(1980, 5, 4), (home,), "P2")

    @pytest.mark.parametrize(
        "changes",
        [
            {"sub": "2"},
            {"aud": "somebody-else"},
            {"iss": "https://elsewhere.example/"},
            {"vot": "P1"},
            {"vot": "P0"},
            {"vot": None},
            {"exp": 1},
            {"exp": None},
            {"vc": {}},
            {"vc": {"credentialSubject": {"name": [], "birthDate": []}}},
            {"kid": "did:web:identity.example#other"},
            {"key": ec.generate_private_key(ec.SECP256R1())},
            {"key": "a shared secret that is long enough", "algorithm": "HS256"},
            {"key": "", "algorithm": "none"},
        ],
        ids=[*"abcdefghijklmn"],
    )
    def test_is_not_believed_if_anything_is_wrong_with_it(self, changes: dict[str, Any]) -> None:
        if changes.get("key") == "":
            token = jwt.encode({"sub": "1"}, "", algorithm="none", headers={"kid": KID})
        else:
            token = SIGNER.core(**changes)
        assert proved({CORE: token}, KEYS) is None

    def test_leaves_plain_claims_without_any_weight(self) -> None:
        assert proved(PRIYA, KEYS) is None

    @pytest.mark.parametrize(
        "document",
        ["", "[]", "{}", '{"id": "did:web:x", "assertionMethod": []}', '{"id": 1, "assertionMethod": [1]}',
         SIGNER.document.replace("did:web", "did:key"), SIGNER.document.replace('"kty": "EC"', '"kty": "XX"')],
    )  # fmt: skip
    def test_needs_the_keys_of_a_did_document(self, document: str) -> None:
        with pytest.raises(NoKeys):
            keys_in(document)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Proven]:
    """Hang somebody who knows everybody called Nair."""
    heard: list[Proven] = []

    def hear(proven: Proven) -> bool:
        heard.append(proven)
        return proven.family_name == "Nair"

    monkeypatch.setattr(hooks, "_provers", {"test": hear})
    return heard


def trusted(issuer: Issuer, **changes: Any) -> Provider:
    details: dict[str, Any] = {
        "code": "one",
        "council_code": "ash",
        "name": "One Sign-in",
        "issuer": issuer.address,
        "client_id": "moothall",
        "proves_identity": True,
    }
    return actions.keep_provider(ProviderDetails(**{**details, **changes}), secret=SECRET)


@pytest.mark.django_db
class TestSigningInAtAProviderThatProvesIdentity:
    def test_tells_whoever_needs_it(
        self, client: Client, issuer: Issuer, told: list[Proven], kept: Kept
    ) -> None:
        trusted(issuer)
        issuer.claims |= PRIYA
        assert sign_in_at(client, issuer, "one").status_code == 302
        (proven,) = told
        assert proven.user == User.objects.get()
        assert (proven.given_names, proven.family_name, proven.born) == ("Priya", "Nair", date(1980, 5, 4))
        assert (proven.addresses, proven.provider, proven.council_code) == ((HOME,), "one", "ash")
        assert queries.proof_here(client.session, "ash") == ("One Sign-in", True)
        assert queries.proof_here(client.session, "elm") is None
        assert [facts for what, _, facts in kept.entries if what == "identity_proved"] == [
            {"provider": "one", "level": ""}
        ]

    def test_tells_it_each_time_and_once(self, client: Client, issuer: Issuer, told: list[Proven]) -> None:
        trusted(issuer)
        issuer.claims |= PRIYA
        sign_in_at(client, issuer, "one")
        sign_in_at(Client(), issuer, "one")
        assert len(told) == 2

    def test_keeps_nothing_of_it_with_the_account(
        self, client: Client, issuer: Issuer, told: list[Proven]
    ) -> None:
        trusted(issuer)
        issuer.claims |= PRIYA | {"phone_number": "+447700900982"}
        for _ in range(2):
            sign_in_at(Client(), issuer, "one")
            kept = json.dumps(SocialAccount.objects.get().extra_data)
            assert "ada@ash.example" in kept
            assert not any(word in kept for word in ("1980", "Mill Lane", "900982"))

    def test_believes_a_signed_identity_where_keys_are_kept(
        self, client: Client, issuer: Issuer, told: list[Proven]
    ) -> None:
        provider = trusted(issuer, identity_keys=KEYS)
        issuer.claims |= {"name": "", CORE: SIGNER.core(), ADDRESS: ADDRESSES}
        sign_in_at(client, issuer, "one")
        assert [(each.family_name, each.level, each.provider) for each in told] == [
            ("Nair", "P2", provider.code)
        ]
        assert User.objects.get().name == "Priya Nair"
        assert "eyJ" not in json.dumps(SocialAccount.objects.get().extra_data)

    def test_asks_for_it(self, client: Client, issuer: Issuer, told: list[Proven]) -> None:
        trusted(issuer, identity_keys=KEYS)
        page = client.post("/account/providers/one/login/").content.decode()
        assert "Cl.Cm.P2" in page
        assert "coreIdentityJWT" in page

    def test_still_lets_in_whose_proof_is_not_believed(
        self, client: Client, issuer: Issuer, told: list[Proven]
    ) -> None:
        trusted(issuer, identity_keys=KEYS)
        issuer.claims |= PRIYA | {CORE: SIGNER.core(vot="P1")}
        assert sign_in_at(client, issuer, "one").status_code == 302
        assert told == []
        assert "_auth_user_id" in client.session
        assert queries.proof_here(client.session, "ash") is None

    def test_tells_nothing_of_a_provider_that_does_not(
        self, client: Client, issuer: Issuer, told: list[Proven]
    ) -> None:
        trusted(issuer, proves_identity=False)
        issuer.claims |= PRIYA
        sign_in_at(client, issuer, "one")
        assert told == []

    def test_remembers_that_nobody_was_found(
        self, client: Client, issuer: Issuer, told: list[Proven]
    ) -> None:
        trusted(issuer)
        issuer.claims |= PRIYA | {"family_name": "Unknown"}
        sign_in_at(client, issuer, "one")
        assert queries.proof_here(client.session, "ash") == ("One Sign-in", False)

    def test_means_the_council_on_whose_site_one_was(
        self, client: Client, issuer: Issuer, told: list[Proven]
    ) -> None:
        trusted(issuer, council_code="")
        issuer.claims |= PRIYA
        sign_in_at(client, issuer, "one", query="?next=/elm/details/")
        assert told[0].council_code == "elm"


@pytest.mark.django_db
class TestSomebodySignedInWhoProvesIt:
    def test_tells_of_their_own_account(
        self, client: Client, issuer: Issuer, ada: User, told: list[Proven]
    ) -> None:
        sign_in(client, ada)
        trusted(issuer)
        issuer.claims |= PRIYA
        answer = sign_in_at(client, issuer, "one", query="?process=connect&next=/ash/details/")
        assert answer["Location"] == "/ash/details/"
        assert [each.user for each in told] == [ada]

    def test_tells_it_again_when_they_do_so_again(
        self, client: Client, issuer: Issuer, ada: User, told: list[Proven]
    ) -> None:
        sign_in(client, ada)
        trusted(issuer)
        issuer.claims |= PRIYA
        for _ in range(2):
            sign_in_at(client, issuer, "one", query="?process=connect&next=/ash/details/")
        assert [each.user for each in told] == [ada, ada]

    def test_tells_nothing_when_the_sign_in_is_somebody_elses(
        self, client: Client, issuer: Issuer, ada: User, now: Any, told: list[Proven]
    ) -> None:
        trusted(issuer)
        issuer.claims |= PRIYA | {"email": "priya@example.org"}
        sign_in_at(Client(), issuer, "one")
        told.clear()
        sign_in(client, ada)
        sign_in_at(client, issuer, "one", query="?process=connect&next=/ash/details/")
        assert told == []
        assert queries.proof_here(client.session, "ash") is None


@pytest.mark.django_db
class TestTheCommand:
    def add(self, tmp_path: Path, *more: str) -> None:
        (tmp_path / "secret").write_text(SECRET)
        words = ["one", "--name=One", "--client-id=m", "--issuer=https://id.example"]
        call_command(
            "provider", "add", *words, f"--secret-file={tmp_path / 'secret'}", *more, stdout=StringIO()
        )

    def test_keeps_that_a_provider_proves_identity_with_its_keys(self, tmp_path: Path) -> None:
        (tmp_path / "did.json").write_text(SIGNER.document)
        self.add(tmp_path, "--proves-identity", f"--identity-keys-file={tmp_path / 'did.json'}")
        provider = Provider.objects.get()
        assert provider.identity_keys == KEYS
        assert queries.proving_providers("ash") == [provider]
        out = StringIO()
        call_command("provider", "list", stdout=out)
        assert "proves identity" in out.getvalue()

    def test_says_what_is_wrong_with_the_keys(self, tmp_path: Path) -> None:
        (tmp_path / "did.json").write_text("{}")
        with pytest.raises(CommandError, match="not a DID document"):
            self.add(tmp_path, "--proves-identity", f"--identity-keys-file={tmp_path / 'did.json'}")

    def test_takes_no_keys_of_a_provider_that_proves_nothing(self, issuer: Issuer) -> None:
        with pytest.raises(WrongProvider) as refusal:
            trusted(issuer, proves_identity=False, identity_keys=KEYS)
        assert "identity_keys" in refusal.value.fields


def test_the_levels_that_count_are_medium_and_high() -> None:
    assert {"P2", "P3"} == proofs.LEVELS
