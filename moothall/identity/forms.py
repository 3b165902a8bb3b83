"""The forms of sign-in, in our words. The sign-in library decides what happens with them."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.account.fields import SetPasswordField
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
    """Return the one way to ask for an email address."""
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


def new_password_field() -> forms.CharField:
    """Ask for the password of a new account; the library checks it when it knows the rest of the form."""
    return password_field("Password", "Enter a password", PASSWORD_HINT, "new-password")


def chosen_password_field(label: str = "New password") -> forms.CharField:
    """Ask for a new password of somebody we know: the rules for passwords see name and address, too."""
    field = SetPasswordField(label=label, help_text=PASSWORD_HINT, max_length=1000)
    field.error_messages["required"] = "Enter a password"
    field.widget = forms.PasswordInput({"autocomplete": "new-password"})
    return field


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


class Ours(forms.Form):
    """Puts fields of ours in the place of the library's; None takes one away."""

    ours: ClassVar[Mapping[str, Callable[[], forms.Field] | None]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, make in self.ours.items():
            if make is None:
                self.fields.pop(name, None)
                continue
            field = make()
            if isinstance(field, SetPasswordField):
                field.user = getattr(self, "user", None)  # the rules for passwords look at whose it is
            self.fields[name] = field
        self.order_fields(self.field_order)


class SignInForm(Ours, account.LoginForm):
    """Email address and password; people with a provider of their own are sent there."""

    ours = {
        "login": email_field,
        "password": lambda: password_field("Password", "Enter your password"),
    }
    provider: Provider | None = None

    def clean(self) -> dict[str, Any] | None:
        """Send people to the provider of their email address, before a password is even tried."""
        email = str(self.cleaned_data.get("login", ""))
        self.provider = queries.provider_of_address(email) if email else None
        if self.provider:
            raise ValidationError(
                f"You sign in with {self.provider.name}. Use the button for it on this page.",
                code="elsewhere",
            )
        found: dict[str, Any] | None = super().clean()  # type: ignore[no-untyped-call]
        return found


def name_field() -> forms.CharField:
    """Ask for a person's name in one piece."""
    return forms.CharField(
        label="Full name",
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": "Enter your full name"},
    )


class SignUpForm(Ours, account.SignupForm):  # type: ignore[misc] # the library's clean() is looser
    ours = {
        "name": name_field,
        "email": lambda: email_field(
            hint="We will send a code to this address to check that it is yours.", autocomplete="email"
        ),
        "password1": new_password_field,
    }
    field_order = ("name", "email", "password1")


class ProviderSignUpForm(Ours, social.SignupForm):  # type: ignore[misc] # as above
    ours = {"name": name_field, "email": lambda: email_field(autocomplete="email")}


class AddEmailForm(Ours, account.AddEmailForm):
    ours = {
        "email": lambda: email_field(
            "New email address", "We will send a code to it to check that it is yours.", "email"
        )
    }


class ChangePasswordForm(Ours, account.ChangePasswordForm):
    ours = {
        "oldpassword": lambda: password_field("Current password", "Enter the password you use now"),
        "password1": chosen_password_field,
        "password2": None,
    }


class SetPasswordForm(Ours, account.SetPasswordForm):
    ours = {"password1": lambda: chosen_password_field("Password"), "password2": None}


class NewPasswordForm(Ours, account.ResetPasswordKeyForm):
    ours = {"password1": chosen_password_field, "password2": None}


class ResetPasswordForm(Ours, account.ResetPasswordForm):
    ours = {"email": email_field}


class PasswordAgainForm(Ours, account.ReauthenticateForm):
    ours = {"password": lambda: password_field("Password", "Enter your password")}


class ConfirmEmailForm(Ours, account.ConfirmEmailVerificationCodeForm):
    ours = {
        "code": lambda: code_field("Code", "It looks like ABCD-1234. Capital or small letters are both fine.")
    }


class FactorForm(Ours, factors.AuthenticateForm):
    ours = {"code": lambda: code_field("Code from your app, or a recovery code", CODE_HINT)}


class FactorAgainForm(Ours, factors.ReauthenticateForm):
    ours = {"code": lambda: code_field("Code from your app, or a recovery code", CODE_HINT)}


class ActivateAppForm(Ours, totp.ActivateTOTPForm):
    ours = {"code": lambda: code_field("Code that the app shows now", CODE_HINT)}


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


class AddPasskeyForm(Ours, webauthn.AddWebAuthnForm):
    ours = {
        "name": lambda: forms.CharField(
            label="Name of this passkey",
            help_text="So that you can tell your passkeys apart, for example “Work laptop”.",
            required=False,
            max_length=100,
        ),
        "passwordless": None,  # a device that can makes one that signs in alone; see passkeys.js
    }
    say_optional = False

    def clean(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = super().clean()
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValidationError("The passkey could not be read. Try again.", code="unsound") from error
        return found


class RenamePasskeyForm(Ours, webauthn.EditWebAuthnForm):
    ours = {
        "name": lambda: forms.CharField(
            label="Name of this passkey",
            max_length=100,
            error_messages={"required": "Enter a name for this passkey"},
        )
    }


class DisconnectForm(social.DisconnectForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(Provider.objects.values_list("code", "name"))
        field = self.fields["account"]
        assert isinstance(field, forms.ModelChoiceField)
        field.label = "Which one do you want to remove?"
        field.error_messages["required"] = "Choose which one to remove"
        accounts = list(self.accounts)
        field.choices = [(each.pk, names.get(each.provider, each.provider)) for each in accounts]


class NameForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("name",)
        labels = {"name": "Full name"}
        widgets = {"name": forms.TextInput({"autocomplete": "name", "spellcheck": "false"})}
        error_messages = {"name": {"required": "Enter your full name"}}
