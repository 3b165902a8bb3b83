"""The forms of sign-in, in our words. The sign-in library decides what happens with them."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as factors
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from allauth.socialaccount import forms as social
from django import forms
from django.core.exceptions import ValidationError

from moothall.identity import queries
from moothall.identity.models import Provider, User

EMAIL_MISSING = "Enter your email address"
EMAIL_WRONG = "Enter an email address in the correct format, like name@example.com"
PASSWORD_HINT = "Use at least 12 characters. Three random words are easy to remember and hard to guess."  # noqa: S105 - words
CODE_HINT = "The code has 6 numbers. Codes change every 30 seconds."


def email_field(
    label: str = "Email address", hint: str = "", autocomplete: str = "username"
) -> forms.EmailField:
    """Return the one way to ask for an e-mail address."""
    return forms.EmailField(
        label=label,
        help_text=hint,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": autocomplete, "spellcheck": "false"}),
        error_messages={"required": EMAIL_MISSING, "invalid": EMAIL_WRONG},
    )


def password_field(
    label: str, missing: str, hint: str = "", autocomplete: str = "current-password"
) -> forms.CharField:
    """Return the one way to ask for a password: once, and it can be shown."""
    return forms.CharField(
        label=label,
        help_text=hint,
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput({"autocomplete": autocomplete}),
        error_messages={"required": missing},
    )


def new_password_field(label: str = "Password") -> forms.CharField:
    """Ask for a new password."""
    return password_field(label, "Enter a password", PASSWORD_HINT, "new-password")


def code_field(label: str, hint: str, autocomplete: str = "one-time-code") -> forms.CharField:
    """Ask for a code that was sent or shown."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=20,
        widget=forms.TextInput(
            {"autocomplete": autocomplete, "class": "govuk-input--width-10", "spellcheck": "false"}
        ),
        error_messages={"required": "Enter the code"},
    )


class SignInForm(account.LoginForm):
    """E-mail address and password; people with a provider of their own are sent there."""

    provider: Provider | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {
            "login": email_field(),
            "password": password_field("Password", "Enter your password"),
        }

    def clean(self) -> dict[str, Any] | None:
        """Send people to the provider of their e-mail address, before a password is even tried."""
        email = str(self.cleaned_data.get("login", ""))
        self.provider = queries.provider_of_address(email) if email else None
        if self.provider:
            raise ValidationError(
                f"You sign in with {self.provider.name}. Use the button for it on this page.",
                code="elsewhere",
            )
        found: dict[str, Any] | None = super().clean()
        return found


class SignUpForm(account.SignupForm):
    name = forms.CharField(
        label="Full name",
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": "Enter your full name"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = "We will send a code to this address to check that it is yours."
        self.fields["email"] = email_field(hint=hint, autocomplete="email")
        self.fields["password1"] = new_password_field()
        self.order_fields(["name", "email", "password1"])


class ProviderSignUpForm(social.SignupForm):
    name = forms.CharField(
        label="Full name",
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": "Enter your full name"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = email_field(autocomplete="email")
        self.order_fields(["name", "email"])


class AddEmailForm(account.AddEmailForm):
    email = email_field("New email address", "We will send a code to it to check that it is yours.", "email")


class ChangePasswordForm(account.ChangePasswordForm):
    oldpassword = password_field("Current password", "Enter the password you use now")
    password1 = new_password_field("New password")
    password2 = None


class SetPasswordForm(account.SetPasswordForm):
    password1 = new_password_field()
    password2 = None


class NewPasswordForm(account.ResetPasswordKeyForm):
    password1 = new_password_field("New password")
    password2 = None


class ResetPasswordForm(account.ResetPasswordForm):
    email = email_field()


class PasswordAgainForm(account.ReauthenticateForm):
    password = password_field("Password", "Enter your password")


class ConfirmEmailForm(account.ConfirmEmailVerificationCodeForm):
    code = code_field("Code", "It looks like ABCD-1234. Capital or small letters are both fine.")


class FactorForm(factors.AuthenticateForm):
    code = code_field("Code from your app, or a recovery code", CODE_HINT)


class FactorAgainForm(factors.ReauthenticateForm):
    code = code_field("Code from your app, or a recovery code", CODE_HINT)


class ActivateAppForm(totp.ActivateTOTPForm):
    code = code_field("Code that the app shows now", CODE_HINT)


class _Sound:
    """Answers what cannot be a credential with a refusal: the library reads parts that may be missing."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValidationError("The passkey did not work. Try again.", code="unsound") from error


class SignInPasskeyForm(_Sound, webauthn.LoginWebAuthnForm): ...


class PasskeyForm(_Sound, webauthn.AuthenticateWebAuthnForm): ...


class PasskeyAgainForm(_Sound, webauthn.ReauthenticateWebAuthnForm): ...


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    name = forms.CharField(
        label="Name of this passkey",
        help_text="So that you can tell your passkeys apart, for example “Work laptop”.",
        required=False,
        max_length=100,
    )
    passwordless = None
    say_optional = False

    def clean(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = super().clean()
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValidationError("The passkey could not be read. Try again.", code="unsound") from error
        return found


class RenamePasskeyForm(webauthn.EditWebAuthnForm):
    name = forms.CharField(
        label="Name of this passkey",
        max_length=100,
        error_messages={"required": "Enter a name for this passkey"},
    )


class DisconnectForm(social.DisconnectForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(Provider.objects.values_list("code", "name"))
        field = self.fields["account"]
        field.label = "Which one do you want to remove?"
        field.error_messages["required"] = "Choose which one to remove"
        field.label_from_instance = lambda linked: names.get(linked.provider, linked.provider)


class NameForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("name",)
        labels = {"name": "Full name"}
        widgets = {"name": forms.TextInput({"autocomplete": "name", "spellcheck": "false"})}
        error_messages = {"name": {"required": "Enter your full name"}}
