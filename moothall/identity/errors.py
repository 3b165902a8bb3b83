"""Why this room may say no."""

from moothall.plain.errors import HouseError, Invalid, Refused, Unavailable


class TooManyTries(HouseError):
    code = "identity.too_many_tries"
    status = 429
    title = "You have tried too many times"
    message = "You have tried this too many times in a short while, so we have stopped for now."
    next_step = "Wait 5 minutes, then try again. Nothing has been changed in the meantime."


class NoAddressGiven(Refused):
    code = "identity.no_address_given"
    title = "You cannot sign in this way"
    message = "{provider} did not tell us your email address, so we do not know which account is yours."
    next_step = "Ask the people who run {provider} to share your email address, or sign in another way."


class AddressNotConfirmed(Refused):
    code = "identity.address_not_confirmed"
    title = "You cannot sign in this way"
    message = "{provider} has not confirmed that {email} is yours, so we cannot open an account with it."
    next_step = "Confirm your email address at {provider}, or sign in another way."


class AddressOutside(Refused):
    code = "identity.address_outside"
    title = "You cannot sign in this way"
    message = "{provider} may only be used with an address that ends in {domains}, and yours is {email}."
    next_step = "Sign in another way."


class AccountThere(Refused):
    code = "identity.account_there"
    title = "You already have an account"
    message = "There is already an account for {email}, and {provider} may not open it."
    next_step = (
        "Sign in to that account the usual way, then connect {provider} under “Other ways to sign in”."
    )


class ProviderFailed(Unavailable):
    code = "identity.provider_failed"
    title = "We could not sign you in"
    message = "{provider} did not answer as it should, so we could not sign you in."
    next_step = "Try again in a few minutes, or sign in another way."


class SecretLost(Unavailable):
    code = "identity.secret_lost"
    message = "What was kept under {about} cannot be read, because the secret key of this house has changed."
    next_step = "Put the former key back, or set this up again."


class WrongProvider(Invalid):
    code = "identity.wrong_provider"
    message = "This sign-in provider cannot be kept as it is."


class AddressTaken(Invalid):
    code = "identity.address_taken"
    message = "There is already an account for {email}."
