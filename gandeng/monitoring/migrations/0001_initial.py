"""What is drawn, handed out, answered and opened."""

import django.contrib.postgres.fields
import django.db.models.deletion
import gandeng.registry.models
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0009_held_recovery"),
        ("facilitators", "0008_imports_guards"),
        ("helpdesk", "0010_seen_at_once"),
        ("payments", "0016_one_index_of_families"),
        ("registry", "0009_lists_asked_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draw",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=gandeng.registry.models.ordered_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("region_code", models.TextField(db_collation="C")),
                ("number", models.PositiveIntegerField()),
                ("each", models.PositiveIntegerField()),
                ("reason", models.TextField(blank=True)),
                ("seed_sealed", models.BinaryField()),
                ("seed_sha256", models.TextField()),
                ("authority", models.TextField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="draws", to="payments.cycle"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Drawn",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=gandeng.registry.models.ordered_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("village_code", models.TextField(db_collation="C")),
                ("name", models.TextField()),
                ("net_rupiah", models.BigIntegerField()),
                (
                    "cycle",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.cycle",
                    ),
                ),
                (
                    "draw",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="drawn", to="monitoring.draw"
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.family"
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.payment"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="facilitators.staff",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("village_code", models.TextField(db_collation="C")),
                ("number", models.PositiveIntegerField()),
                ("on_day", models.DateField()),
                (
                    "how",
                    models.TextField(
                        choices=[
                            ("VISIT", "Kunjungan ke rumah"),
                            ("PHONE", "Telepon atau pesan"),
                            ("OFFICE", "Di kantor"),
                        ]
                    ),
                ),
                ("reached", models.BooleanField()),
                (
                    "why_not",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("ABSENT", "Tidak ada di rumah atau tidak menjawab"),
                            ("MOVED", "Pindah"),
                            ("UNWILLING", "Tidak bersedia menjawab"),
                            ("UNSAFE", "Tidak dapat ditanya tanpa didengar orang lain"),
                            ("OTHER", "Sebab lain"),
                        ],
                    ),
                ),
                ("next_on", models.DateField(null=True)),
                ("arrived", models.BooleanField(null=True)),
                ("in_hand_rupiah", models.BigIntegerField(null=True)),
                (
                    "card",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("FAMILY", "Keluarga sendiri"),
                            ("FACILITATOR", "Pendamping"),
                            ("AGENT", "Agen bank atau warung"),
                            ("OFFICIAL", "Perangkat desa, RT, atau RW"),
                            ("OTHER", "Orang lain"),
                            ("NONE", "Tidak memakai kartu"),
                            ("UNSAID", "Tidak mau atau tidak dapat mengatakan"),
                        ],
                    ),
                ),
                (
                    "pin",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("FAMILY", "Keluarga sendiri"),
                            ("FACILITATOR", "Pendamping"),
                            ("AGENT", "Agen bank atau warung"),
                            ("OFFICIAL", "Perangkat desa, RT, atau RW"),
                            ("OTHER", "Orang lain"),
                            ("NONE", "Tidak memakai kartu"),
                            ("UNSAID", "Tidak mau atau tidak dapat mengatakan"),
                        ],
                    ),
                ),
                (
                    "levy",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("NO", "Tidak ada"),
                            ("YES", "Ada yang meminta atau memotong"),
                            ("UNSAID", "Tidak mau atau tidak dapat mengatakan"),
                        ],
                    ),
                ),
                (
                    "drawn_at",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("ATM", "ATM"),
                            ("AGENT", "Agen bank atau warung"),
                            ("BANK", "Kantor bank"),
                            ("POST", "Kantor pos atau juru bayar"),
                            ("NOT_YET", "Belum ditarik"),
                            ("UNSAID", "Tidak mau atau tidak dapat mengatakan"),
                        ],
                    ),
                ),
                ("words_sealed", models.BinaryField(default=b"")),
                ("whole", models.BooleanField(default=False)),
                ("less", models.BooleanField(default=False)),
                ("nothing", models.BooleanField(default=False)),
                ("elsewhere", models.BooleanField(default=False)),
                ("levied", models.BooleanField(default=False)),
                ("authority", models.TextField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="monitoring.answer",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.family"
                    ),
                ),
                (
                    "drawn",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="monitoring.drawn",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Opened",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("authority", models.TextField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "answer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opened",
                        to="monitoring.answer",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="monitoring", to="helpdesk.case"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Stratum",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("region_code", models.TextField(db_collation="C")),
                ("families", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField())),
                (
                    "draw",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="strata",
                        to="monitoring.draw",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="facilitators.staff",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Handing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=gandeng.registry.models.ordered_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("region_code", models.TextField(db_collation="C")),
                ("authority", models.TextField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "stratum",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handings",
                        to="monitoring.stratum",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="drawn",
            name="stratum",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="drawn", to="monitoring.stratum"
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="stratum",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.stratum"
            ),
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.UniqueConstraint(fields=("cycle", "region_code", "number"), name="monitoring_draw_once"),
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number", 1), ("reason", "")),
                    models.Q(("number__gt", 1), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="monitoring_draw_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.CheckConstraint(
                condition=models.Q(("each__range", (1, 100))), name="monitoring_draw_each"
            ),
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.CheckConstraint(
                condition=models.Q(("seed_sha256__regex", "^[0-9a-f]{64}$")), name="monitoring_draw_digest"
            ),
        ),
        migrations.AddConstraint(
            model_name="opened",
            constraint=models.UniqueConstraint(fields=("answer", "kind"), name="monitoring_opened_once"),
        ),
        migrations.AddConstraint(
            model_name="stratum",
            constraint=models.UniqueConstraint(
                fields=("draw", "staff"), name="monitoring_stratum_once", nulls_distinct=False
            ),
        ),
        migrations.AddIndex(
            model_name="handing",
            index=models.Index(fields=["stratum", "-id"], name="monitoring_handing_newest"),
        ),
        migrations.AddIndex(
            model_name="drawn",
            index=models.Index(fields=["cycle", "village_code"], name="monitoring_drawn_cycle"),
        ),
        migrations.AddConstraint(
            model_name="drawn",
            constraint=models.UniqueConstraint(fields=("cycle", "family"), name="monitoring_drawn_once"),
        ),
        migrations.AddConstraint(
            model_name="drawn",
            constraint=models.CheckConstraint(
                condition=models.Q(("net_rupiah__gt", 0)), name="monitoring_drawn_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(fields=("drawn", "number"), name="monitoring_answer_once"),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("arrived__isnull", False),
                        ("in_hand_rupiah__range", (0, 999999999)),
                        ("next_on", None),
                        ("reached", True),
                        ("why_not", ""),
                        models.Q(("card", ""), _negated=True),
                        models.Q(("pin", ""), _negated=True),
                        models.Q(("levy", ""), _negated=True),
                        models.Q(("drawn_at", ""), _negated=True),
                    ),
                    models.Q(
                        ("arrived", None),
                        ("card", ""),
                        ("drawn_at", ""),
                        ("elsewhere", False),
                        ("in_hand_rupiah", None),
                        ("less", False),
                        ("levied", False),
                        ("levy", ""),
                        ("nothing", False),
                        ("pin", ""),
                        ("reached", False),
                        ("whole", False),
                        models.Q(("why_not", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="monitoring_answer_complete",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("arrived", None),
                    models.Q(("arrived", True), ("in_hand_rupiah__gt", 0)),
                    models.Q(("arrived", False), ("in_hand_rupiah", 0)),
                    _connector="OR",
                ),
                name="monitoring_answer_arrived",
            ),
        ),
    ]
