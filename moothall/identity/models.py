"""Who may sign in, and the sign-in providers of the councils."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    def create_user(self, *, email: str, name: str, password: str | None = None) -> "User":
        """Keep a new account; without a password only a passkey, a provider or a reset link opens it."""
        user = self.model(email=email.strip().lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account. What it may do follows from councils, never from here."""

    email = models.EmailField("email address", unique=True)
    name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="identity_user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email


class Provider(models.Model):
    """A sign-in service (OpenID Connect) of one council, or of all when no council is named."""

    class TokenAuth(models.TextChoices):
        BASIC = "client_secret_basic", "secret in the header"
        POST = "client_secret_post", "secret in the form"

    code = models.SlugField(max_length=40, unique=True)
    council_code = models.CharField(max_length=40, blank=True, db_index=True)
    name = models.CharField(max_length=100)
    issuer = models.URLField(max_length=300)
    client_id = models.CharField(max_length=200)
    sealed_secret = models.TextField()
    token_auth_method = models.CharField(max_length=30, choices=TokenAuth, default=TokenAuth.BASIC)
    domains: "models.JSONField[list[str]]" = models.JSONField(default=list)
    vouches = models.BooleanField(default=False)
    asks_second_factor = models.BooleanField(default=False)
    proves_identity = models.BooleanField(default=False)
    identity_keys: "models.JSONField[dict[str, Any]]" = models.JSONField(
        default=dict,
        help_text="The issuer and public keys of signed identities; none where plain claims count.",
    )
    is_active = models.BooleanField(default=True)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["council_code", "name"]

    def __str__(self) -> str:
        return self.name
