"""A draw of families, who asks them, what they said, and the complaint made of it. Every row is added, none changed."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandeng.accounts.models import Person
from gandeng.facilitators.models import Staff
from gandeng.helpdesk.models import Case
from gandeng.payments.models import Cycle, Payment
from gandeng.registry.models import Family, ordered_id
from gandeng.web.scoping import scoped


class Draw(models.Model):
    """One draw of a district for a stage; those after the first are supplementary and say why."""

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="draws")
    region_code = models.TextField(db_collation="C")
    """The district."""
    number = models.PositiveIntegerField()
    """1, 2, 3 … of stage and district."""
    each = models.PositiveIntegerField()
    """How many families of each facilitator."""
    reason = models.TextField(blank=True)
    seed_sealed = models.BinaryField()
    """64 hexadecimal digits; told once nobody drawn waits to be asked."""
    seed_sha256 = models.TextField()
    """Of the seed's bytes, told at once: so that the seed told later is the one drawn with."""
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("region_code")

    class Meta:
        """Once per stage and district; a later one has its reason."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cycle", "region_code", "number"], name="monitoring_draw_once"),
            models.CheckConstraint(condition=Q(number=1, reason="") | (Q(number__gt=1) & ~Q(reason="")),
                                   name="monitoring_draw_reason"),
            models.CheckConstraint(condition=Q(each__range=(1, 100)), name="monitoring_draw_each"),
            models.CheckConstraint(condition=Q(seed_sha256__regex=r"^[0-9a-f]{64}$"), name="monitoring_draw_digest"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.region_code} {self.number}"


class Stratum(models.Model):
    """Of one draw, all families of one facilitator on the pay day; no facilitator where nobody had them."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="strata", db_index=False)
    staff = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    region_code = models.TextField(db_collation="C")
    families = ArrayField(models.UUIDField())
    """Ids in their order: the frame the draw took from."""

    objects = scoped("region_code")

    class Meta:
        """One per facilitator."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draw", "staff"], nulls_distinct=False, name="monitoring_stratum_once"),
        ]

    def __str__(self) -> str:
        return str(self.staff_id)


class Drawn(models.Model):
    """A family that was drawn: what whoever asks it needs, and what the channel says it got."""

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="drawn")
    stratum = models.ForeignKey(Stratum, on_delete=models.PROTECT, related_name="drawn")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+", db_index=False)
    staff = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="+")
    """The largest of the stage, where there are several."""
    village_code = models.TextField(db_collation="C")
    name = models.TextField()
    net_rupiah = models.BigIntegerField()
    """Credited and not taken back, all payments of the stage, on the day of the draw."""

    objects = scoped("village_code")

    class Meta:
        """A family is drawn once in a stage."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cycle", "family"], name="monitoring_drawn_once"),
            models.CheckConstraint(condition=Q(net_rupiah__gt=0), name="monitoring_drawn_something"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["cycle", "village_code"], name="monitoring_drawn_cycle"),
            models.Index(fields=["village_code"], name="monitoring_drawn_village"),
        ]

    def __str__(self) -> str:
        return self.name


class Handing(models.Model):
    """To whom the families of one facilitator are given to be asked; the newest counts, nobody takes them back."""

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    stratum = models.ForeignKey(Stratum, on_delete=models.PROTECT, related_name="handings", db_index=False)
    region_code = models.TextField(db_collation="C")
    to = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("region_code")

    class Meta:
        """Found by what was given."""

        indexes: ClassVar = [models.Index(fields=["stratum", "-id"], name="monitoring_handing_newest")]

    def __str__(self) -> str:
        return str(self.to_id)


class Answer(models.Model):
    """One attempt to ask a family, with what it said; the newest of a family counts. A correction names the former."""

    class How(models.TextChoices):
        """Where it was asked."""

        VISIT = "VISIT", _("Kunjungan ke rumah")
        PHONE = "PHONE", _("Telepon atau pesan")
        OFFICE = "OFFICE", _("Di kantor")

    class WhyNot(models.TextChoices):
        """Why the family was not reached."""

        ABSENT = "ABSENT", _("Tidak ada di rumah atau tidak menjawab")
        MOVED = "MOVED", _("Pindah")
        UNWILLING = "UNWILLING", _("Tidak bersedia menjawab")
        UNSAFE = "UNSAFE", _("Tidak dapat ditanya tanpa didengar orang lain")
        OTHER = "OTHER", pgettext_lazy("sebab tidak terjangkau", "Sebab lain")

    class Holder(models.TextChoices):
        """In whose hands the card is, or who knows its PIN."""

        FAMILY = "FAMILY", _("Keluarga sendiri")
        FACILITATOR = "FACILITATOR", _("Pendamping")
        AGENT = "AGENT", _("Agen bank atau warung")
        OFFICIAL = "OFFICIAL", _("Perangkat desa, RT, atau RW")
        OTHER = "OTHER", _("Orang lain")
        NONE = "NONE", _("Tidak memakai kartu")
        UNSAID = "UNSAID", _("Tidak mau atau tidak dapat mengatakan")

    class Levy(models.TextChoices):
        """Whether somebody asked for a part."""

        NO = "NO", _("Tidak ada")
        YES = "YES", _("Ada yang meminta atau memotong")
        UNSAID = "UNSAID", _("Tidak mau atau tidak dapat mengatakan")

    class Where(models.TextChoices):
        """Where the money was drawn."""

        ATM = "ATM", _("ATM")
        AGENT = "AGENT", _("Agen bank atau warung")
        BANK = "BANK", _("Kantor bank")
        POST = "POST", _("Kantor pos atau juru bayar")
        NOT_YET = "NOT_YET", _("Belum ditarik")
        UNSAID = "UNSAID", _("Tidak mau atau tidak dapat mengatakan")

    id = models.UUIDField(primary_key=True, default=uuid4)
    drawn = models.ForeignKey(Drawn, on_delete=models.PROTECT, related_name="answers", db_index=False)
    stratum = models.ForeignKey(Stratum, on_delete=models.PROTECT, related_name="+")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    village_code = models.TextField(db_collation="C")
    number = models.PositiveIntegerField()
    """1, 2, 3 … of the family drawn."""
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    on_day = models.DateField()
    how = models.TextField(choices=How.choices)
    reached = models.BooleanField()
    why_not = models.TextField(choices=WhyNot.choices, blank=True)
    next_on = models.DateField(null=True)
    """When it is to be tried again."""
    arrived = models.BooleanField(null=True)
    in_hand_rupiah = models.BigIntegerField(null=True)
    """What the family has of the stage, as it said before anybody told it what the channel says."""
    card = models.TextField(choices=Holder.choices, blank=True)
    pin = models.TextField(choices=Holder.choices, blank=True)
    levy = models.TextField(choices=Levy.choices, blank=True)
    drawn_at = models.TextField(choices=Where.choices, blank=True)
    words_sealed = models.BinaryField(default=b"")
    whole = models.BooleanField(default=False)
    less = models.BooleanField(default=False)
    nothing = models.BooleanField(default=False)
    elsewhere = models.BooleanField(default=False)
    """Card or PIN is in the hands of somebody outside the family."""
    levied = models.BooleanField(default=False)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("village_code")

    class Meta:
        """Reached says everything that is asked, not reached says why; the database holds the signs to the answers."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["drawn", "number"], name="monitoring_answer_once"),
            models.CheckConstraint(
                condition=Q(reached=True, why_not="", next_on=None, arrived__isnull=False,
                            in_hand_rupiah__range=(0, 999_999_999))
                & ~Q(card="") & ~Q(pin="") & ~Q(levy="") & ~Q(drawn_at="")
                | Q(reached=False, arrived=None, in_hand_rupiah=None, card="", pin="", levy="", drawn_at="",
                    whole=False, less=False, nothing=False, elsewhere=False, levied=False) & ~Q(why_not=""),
                name="monitoring_answer_complete",
            ),
            models.CheckConstraint(
                condition=Q(arrived=None) | Q(arrived=True, in_hand_rupiah__gt=0) | Q(arrived=False, in_hand_rupiah=0),
                name="monitoring_answer_arrived",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.number)


class Opened(models.Model):
    """A complaint opened from an answer by one press; seen where the complaint is."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="opened", db_index=False)
    kind = models.TextField()
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="monitoring")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("case__region_code", touches=True)

    class Meta:
        """One of a kind."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["answer", "kind"], name="monitoring_opened_once"),
        ]

    def __str__(self) -> str:
        return self.kind
