"""What a provider proved of somebody who signs in: checked, told to whoever needs it, and not kept with the account."""

import json
from collections.abc import Mapping
from typing import Any

from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest

from moothall.identity import hooks, proofs
from moothall.identity.hooks import Proven
from moothall.identity.models import Provider, User
from moothall.identity.proofs import Proof

STATE = "proof"
SESSION = "proof"


def settings_of(provider: Provider) -> dict[str, Any]:
    """Return what the sign-in library has to know of a provider that proves identity, and ask of it."""
    if not provider.proves_identity:
        return {}
    found: dict[str, Any] = {"proves_identity": True, "identity_keys": provider.identity_keys}
    if not provider.identity_keys:
        return found | {"scope": ["openid", "profile", "email", "address"]}
    wanted = {"userinfo": {proofs.CORE: None, proofs.ADDRESS: None}}
    asked = {"vtr": json.dumps(["Cl.Cm.P2"]), "claims": json.dumps(wanted)}
    return found | {"scope": ["openid", "email"], "auth_params": asked}


def take(login: SocialLogin) -> None:
    """Check what the provider proved, keep it for as long as signing in lasts, and take it off the account."""
    login.state.pop(STATE, None)
    settings = login.provider.app.settings
    if not settings.get("proves_identity"):
        return
    data = login.account.extra_data
    said, token = data.get("userinfo") or {}, data.get("id_token") or {}
    if not said or not token or said.get("sub") == token.get("sub"):
        proof = proofs.proof_of(
            {**token, **said},
            keys=settings["identity_keys"],
            audience=login.provider.app.client_id,
            subject=login.account.uid,
        )
        if proof is not None:
            login.state[STATE] = proof.as_json
            _name(login, proof)
    login.account.extra_data = {part: _kept(claims) for part, claims in data.items()}
    if login.account.pk:
        login.account.save(update_fields=["extra_data"])


def _name(login: SocialLogin, proof: Proof) -> None:
    """Call a new account as its owner is called, if the provider gave no name."""
    if isinstance(login.user, User) and not login.user.pk and not login.user.name:
        login.user.name = f"{proof.given_names} {proof.family_name}".strip()[:150]


def _kept(claims: Any) -> Any:
    if not isinstance(claims, Mapping):
        return claims
    return {name: value for name, value in claims.items() if name in proofs.KEPT}


def tell(request: HttpRequest, login: SocialLogin, user: User) -> None:
    """Tell everyone who hangs on it what somebody proved, once; and remember in the session what came of it."""
    kept = login.state.pop(STATE, None)
    if kept is None:
        return
    proof = Proof.of(kept)
    provider = Provider.objects.get(code=login.provider.app.provider_id)
    council = provider.council_code or _site(str(login.state.get("next") or ""))
    proven = Proven(
        user=user,
        given_names=proof.given_names,
        family_name=proof.family_name,
        born=proof.born,
        addresses=proof.addresses,
        level=proof.level,
        provider=provider.code,
        council_code=council,
    )
    found = hooks.prove(proven)
    hooks.tell("identity_proved", user, provider=provider.code, level=proof.level)
    request.session[SESSION] = {"council": council, "provider": provider.name, "found": found}


def _site(address: str) -> str:
    """Return the council on whose site somebody was going on, if they were."""
    return address.strip("/").partition("/")[0].partition("?")[0][:40]
