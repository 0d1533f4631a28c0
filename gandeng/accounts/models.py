"""People, their logins, the roles they hold and for how long."""

from datetime import timedelta
from typing import Any, ClassVar, cast
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.roles import WORDS, Role


class Person(models.Model):
    """One human being, however many logins: approvals compare persons (docs/threats.md, M7)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.TextField()

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager):  # type: ignore[type-arg]
    """Makes logins; there is no superuser, an administrator manages people and sees no money."""

    def create_user(self, email: str, password: str | None = None, *, person: Person, **extra: Any) -> "User":
        """A login for a person; without a password only a link, a code or a passkey opens it."""
        user = self.model(email=self.normalize_email(email), person=person, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return cast(User, user)


class User(AbstractBaseUser):
    """A login by e-mail; never by NIK."""

    email = models.EmailField(unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="logins")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        """One login per address, whatever its capitals."""

        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.email


class Grant(models.Model):
    """A role held in a territory from a day on, until a day before `valid_until` where it ends.

    `stands_in_for` names the grant a deputy acts on; the deputy stays another person for every approval.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    role = models.TextField(choices=[(role.value, WORDS[role]) for role in Role])
    region_code = models.TextField(blank=True, db_collation="C")
    channel = models.TextField(blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    stands_in_for = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="deputies")
    granted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    awaits = models.BooleanField(default=False, db_default=False)
    """A second person's yes, without which nobody holds it (`confirming.py`)."""
    confirmed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Half-open dates; a channel for bank and post alone; the code of a place, or none for the nation."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="grant_dates"
            ),
            models.CheckConstraint(condition=Q(role=Role.CHANNEL_OFFICER) ^ Q(channel=""), name="grant_channel"),
            models.CheckConstraint(
                condition=Q(region_code__regex=r"^([1-9][0-9]([0-9]{2}([0-9]{2}([0-9]{4})?)?)?)?$"),
                name="grant_region",
            ),
            models.UniqueConstraint(
                fields=["person", "role", "region_code", "channel"],
                condition=Q(valid_until__isnull=True),
                name="grant_once",
            ),
            models.CheckConstraint(
                name="grant_two_people",
                condition=Q(confirmed_by__isnull=True)
                | (
                    Q(awaits=False, granted_by__isnull=False)
                    & ~Q(confirmed_by=F("granted_by"))
                    & ~Q(confirmed_by=F("person"))
                ),
            ),
            models.CheckConstraint(
                name="grant_confirmed", condition=~(Q(confirmed_by__isnull=True) ^ Q(confirmed_at__isnull=True))
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code"], name="grant_region_code")]

    def __str__(self) -> str:
        return f"{self.role} {self.region_code}"


class Invitation(models.Model):
    """A way in for one person, once: only the digest of the code is kept."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code_digest = models.BinaryField(unique=True)
    email = models.EmailField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.email


KEY_DAYS_MAX = 366


class ApiKey(models.Model):
    """Lets a machine act as a person who holds a role for banks, post or auditors, until a day.

    Of the key itself only the digest is kept; `prefix` is its public beginning. `minute` and `uses` count for the rate.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="keys")
    name = models.TextField()
    prefix = models.TextField(unique=True)
    secret_sha256 = models.BinaryField()
    made_on = models.DateField()
    valid_until = models.DateField()
    """The first day without it."""
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revoked_reason = models.TextField(blank=True)
    last_used_on = models.DateField(null=True, blank=True)
    minute = models.DateTimeField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)

    class Meta:
        """At most a year; taken back by somebody, for a reason."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("made_on"))
                & Q(valid_until__lte=F("made_on") + timedelta(days=KEY_DAYS_MAX)),
                name="api_key_a_year",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True, revoked_reason="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoked_reason="")),
                name="api_key_revoked",
            ),
        ]

    def __str__(self) -> str:
        return self.prefix


class PublicTry(models.Model):
    """Wrong codes typed on the public pages, per network and hour; the network is a keyed digest, never an address."""

    network = models.BinaryField()
    hour = models.DateTimeField()
    tries = models.PositiveIntegerField()

    class Meta:
        """One row per network and hour."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["network", "hour"], name="public_try_of_hour")]

    def __str__(self) -> str:
        return str(self.tries)


class Recovery(models.Model):
    """Somebody who lost the password or the second factor asks to be let in again.

    Three things open it, and no two of them are enough: the mail, the code shown to whoever asked, and the yes of other
    people. ASKED -> APPROVED -> USED, or ENDED on the way.
    """

    class Lost(models.TextChoices):
        """What was lost."""

        PASSWORD = "PASSWORD", _("Kata sandi")
        FACTOR = "FACTOR", _("Faktor kedua")
        BOTH = "BOTH", _("Kata sandi dan faktor kedua")

    class Ended(models.TextChoices):
        """Why it opens nothing any more."""

        REFUSED = "REFUSED", _("Ditolak")
        WITHDRAWN = "WITHDRAWN", _("Dibatalkan")
        REPLACED = "REPLACED", _("Diganti permintaan baru")
        GUESSED = "GUESSED", _("Kode salah terlalu sering")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recoveries")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="recoveries")
    lost = models.TextField(choices=Lost.choices)
    letter_digest = models.BinaryField(unique=True)
    """Of the link in the first mail: it asks once."""
    code_digest = models.BinaryField()
    """Keyed, of the code that whoever asked saw."""
    needed = models.PositiveSmallIntegerField()
    """How many other people have to say yes."""
    asked_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    link_digest = models.BinaryField(null=True, blank=True, unique=True)
    """Of the link in the second mail, made when the last yes was there."""
    approved_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_as = models.TextField(choices=Ended.choices, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_reason = models.TextField(blank=True)

    class Meta:
        """One open for a login; used only when approved; used or ended, never both."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(used_at__isnull=True, ended_at__isnull=True), name="recovery_once"
            ),
            models.CheckConstraint(condition=Q(needed__in=[1, 2]), name="recovery_needed"),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) ^ Q(link_digest__isnull=False), name="recovery_link"
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(approved_at__isnull=False, ended_at__isnull=True),
                name="recovery_used",
            ),
            models.CheckConstraint(condition=Q(ended_at__isnull=True) ^ ~Q(ended_as=""), name="recovery_ended"),
        ]

    def __str__(self) -> str:
        return self.lost


class RecoveryApproval(models.Model):
    """One yes to letting somebody in again, with how the person was known."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    recovery = models.ForeignKey(Recovery, on_delete=models.PROTECT, related_name="approvals")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    reason = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Each person once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recovery", "person"], name="recovery_person_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="recovery_reason"),
        ]

    def __str__(self) -> str:
        return self.authority
