"""Staff, who accompanies whom, and plans to share families anew."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import gandeng.registry.models
import uuid
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0004_held"),
        ("registry", "0007_no_index_of_patterns"),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="CaseloadChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=gandeng.registry.models.ordered_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("FIRST", "Penugasan awal"),
                            ("ASSIGN", "Penugasan keluarga tanpa pendamping"),
                            ("HAND_OVER", "Serah terima"),
                            ("BALANCE", "Pemerataan beban"),
                            ("UNDO", "Pembatalan"),
                        ]
                    ),
                ),
                ("region_code", models.TextField(db_collation="C")),
                ("effective_on", models.DateField()),
                ("reason", models.TextField()),
                ("families", models.BigIntegerField()),
                ("decided_at", models.DateTimeField(auto_now_add=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="facilitators.caseloadchange",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LoadLimit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=gandeng.registry.models.ordered_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("region_code", models.TextField(blank=True, db_collation="C")),
                ("families", models.PositiveIntegerField()),
                ("valid_from", models.DateField()),
                ("reason", models.TextField()),
                ("set_at", models.DateTimeField(auto_now_add=True)),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
            ],
            options={
                "ordering": [
                    models.OrderBy(models.F("valid_from"), descending=True),
                    models.OrderBy(models.F("id"), descending=True),
                ],
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=gandeng.registry.models.ordered_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("region_code", models.TextField(db_collation="C")),
                ("as_of", models.DateField()),
                ("wish", models.JSONField(default=dict)),
                ("before", models.JSONField(default=dict)),
                ("notes", models.JSONField(default=list)),
                (
                    "state",
                    models.TextField(
                        choices=[("DRAFT", "Rancangan"), ("CARRIED_OUT", "Disetujui"), ("DROPPED", "Dibuang")],
                        default="DRAFT",
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "change",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan",
                        to="facilitators.caseloadchange",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="facilitators.plan",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlanOption",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=gandeng.registry.models.ordered_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("region_code", models.TextField(db_collation="C")),
                ("number", models.PositiveSmallIntegerField()),
                ("may_change_permille", models.PositiveIntegerField(null=True)),
                ("after", models.JSONField(default=dict)),
                ("gap_permille", models.PositiveIntegerField(null=True)),
                ("facts", models.JSONField(default=dict)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="options", to="facilitators.plan"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="plan",
            name="chosen",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="facilitators.planoption",
            ),
        ),
        migrations.CreateModel(
            name="Staff",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("staff_no", models.TextField(unique=True)),
                ("region_code", models.TextField(blank=True, db_collation="C")),
                ("home_code", models.TextField(blank=True, db_collation="C")),
                (
                    "education",
                    models.TextField(
                        blank=True, choices=[("SMA", "SMA sederajat"), ("D3", "D-III"), ("S1", "D-IV/S-1 atau lebih")]
                    ),
                ),
                ("joined_on", models.DateField()),
                ("left_on", models.DateField(blank=True, null=True)),
                (
                    "left_because",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("RESIGNED", "Mengundurkan diri"),
                            ("CONTRACT_ENDED", "Kontrak berakhir"),
                            ("DISMISSED", "Diberhentikan"),
                            ("RETIRED", "Pensiun"),
                            ("DIED", "Meninggal dunia"),
                        ],
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="staff", to="accounts.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "role",
                    models.TextField(
                        choices=[
                            ("FACILITATOR", "Pendamping sosial"),
                            ("SUB_DISTRICT_LEAD", "Ketua tim kecamatan"),
                            ("DISTRICT_COORDINATOR", "Koordinator kabupaten/kota"),
                            ("REGIONAL_COORDINATOR", "Koordinator wilayah"),
                            ("DATA_ADMINISTRATOR", "Administrator pangkalan data"),
                            ("SUPERVISOR", "Supervisor"),
                        ]
                    ),
                ),
                ("region_code", models.TextField(blank=True, db_collation="C")),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("ended_because", models.TextField(blank=True)),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="facilitators.staff"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlanRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("village_code", models.TextField(db_collation="C")),
                ("families", models.PositiveIntegerField()),
                ("edited", models.BooleanField(default=False)),
                (
                    "option",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="facilitators.planoption"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="facilitators.staff"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlanLock",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("village_code", models.TextField(db_collation="C")),
                ("stays", models.BooleanField()),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="locks", to="facilitators.plan"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="facilitators.staff"
                    ),
                ),
            ],
            options={
                "ordering": [models.OrderBy(models.F("village_code")), models.OrderBy(models.F("id"))],
            },
        ),
        migrations.CreateModel(
            name="Leave",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("region_code", models.TextField(blank=True, db_collation="C")),
                (
                    "kind",
                    models.TextField(
                        choices=[("ANNUAL", "Cuti tahunan"), ("MATERNITY", "Cuti melahirkan"), ("LONG", "Cuti lain")]
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField()),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="leaves", to="facilitators.staff"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Equipment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("region_code", models.TextField(blank=True, db_collation="C")),
                (
                    "kind",
                    models.TextField(choices=[("VEST", "Rompi"), ("CARD", "Kartu pengenal"), ("DEVICE", "Gawai")]),
                ),
                ("serial_no", models.TextField()),
                ("issued_on", models.DateField()),
                ("received_at", models.DateTimeField(blank=True, null=True)),
                ("returned_on", models.DateField(blank=True, null=True)),
                (
                    "condition",
                    models.TextField(blank=True, choices=[("GOOD", "Baik"), ("DAMAGED", "Rusak"), ("LOST", "Hilang")]),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="equipment", to="facilitators.staff"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Employment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("region_code", models.TextField(blank=True, db_collation="C")),
                ("kind", models.TextField(choices=[("CONTRACT", "Kontrak"), ("PPPK", "PPPK")])),
                (
                    "job_title",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("PENATA", "Penata Layanan Operasional"),
                            ("PENGELOLA", "Pengelola Layanan Operasional"),
                            ("OPERATOR", "Operator Layanan Operasional"),
                        ],
                    ),
                ),
                ("service_no", models.TextField(blank=True)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="employments", to="facilitators.staff"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Accompaniment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("village_code", models.TextField(db_collation="C")),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="accompaniments", to="registry.family"
                    ),
                ),
                (
                    "began_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="began",
                        to="facilitators.caseloadchange",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ended",
                        to="facilitators.caseloadchange",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accompaniments",
                        to="facilitators.staff",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="caseloadchange",
            index=models.Index(fields=["region_code", "-id"], name="caseload_region_newest"),
        ),
        migrations.AddConstraint(
            model_name="caseloadchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="caseload_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="caseloadchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "UNDO"), ("undoes__isnull", True), _connector="XOR"), name="caseload_undoes"
            ),
        ),
        migrations.AddConstraint(
            model_name="caseloadchange",
            constraint=models.CheckConstraint(condition=models.Q(("families__gte", 0)), name="caseload_families"),
        ),
        migrations.AddConstraint(
            model_name="loadlimit",
            constraint=models.CheckConstraint(condition=models.Q(("families__gte", 1)), name="load_limit_families"),
        ),
        migrations.AddConstraint(
            model_name="loadlimit",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="load_limit_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="planoption",
            constraint=models.UniqueConstraint(fields=("plan", "number"), name="plan_option_once"),
        ),
        migrations.AddIndex(
            model_name="plan",
            index=models.Index(fields=["region_code", "-id"], name="plan_region_newest"),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(("region_code__regex", "^[1-9][0-9]{3}$")), name="plan_district"
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("change__isnull", True), ("decided_by__isnull", True), ("state", "DRAFT")),
                    models.Q(("change__isnull", True), ("decided_by__isnull", False), ("state", "DROPPED")),
                    models.Q(
                        ("change__isnull", False),
                        ("chosen__isnull", False),
                        ("decided_by__isnull", False),
                        ("state", "CARRIED_OUT"),
                    ),
                    _connector="OR",
                ),
                name="plan_decided",
            ),
        ),
        migrations.AddIndex(
            model_name="staff",
            index=models.Index(fields=["region_code", "staff_no"], name="staff_region_no"),
        ),
        migrations.AddConstraint(
            model_name="staff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("left_because", ""), ("left_on__isnull", True)),
                    models.Q(("left_on__gte", models.F("joined_on")), models.Q(("left_because", ""), _negated=True)),
                    _connector="OR",
                ),
                name="staff_left",
            ),
        ),
        migrations.AddConstraint(
            model_name="staff",
            constraint=models.CheckConstraint(
                condition=models.Q(("region_code__regex", "^([1-9][0-9]([0-9]{2})?)?$")), name="staff_region"
            ),
        ),
        migrations.AddConstraint(
            model_name="staff",
            constraint=models.CheckConstraint(
                condition=models.Q(("home_code__regex", "^([1-9][0-9]{5})?$")), name="staff_home"
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(fields=["region_code", "role"], name="post_region_role"),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                ),
                name="post_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("staff", "="),
                    ("role", "="),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_until"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="post_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="planrow",
            constraint=models.UniqueConstraint(fields=("option", "village_code", "staff"), name="plan_row_once"),
        ),
        migrations.AddConstraint(
            model_name="planlock",
            constraint=models.UniqueConstraint(fields=("plan", "village_code", "staff"), name="plan_lock_once"),
        ),
        migrations.AddConstraint(
            model_name="leave",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                ),
                name="leave_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="leave",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("staff", "="),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_until"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="leave_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="equipment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("returned_on__isnull", True)),
                fields=("kind", "serial_no"),
                name="equipment_with_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="equipment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("condition", ""), ("returned_on__isnull", True)),
                    models.Q(("returned_on__gte", models.F("issued_on")), models.Q(("condition", ""), _negated=True)),
                    _connector="OR",
                ),
                name="equipment_returned",
            ),
        ),
        migrations.AddConstraint(
            model_name="equipment",
            constraint=models.CheckConstraint(
                condition=models.Q(("serial_no", ""), _negated=True), name="equipment_serial"
            ),
        ),
        migrations.AddConstraint(
            model_name="employment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                ),
                name="employment_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="employment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("staff", "="),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_until"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="employment_once",
            ),
        ),
        migrations.AddIndex(
            model_name="accompaniment",
            index=models.Index(fields=["staff", "village_code"], name="accompaniment_staff"),
        ),
        migrations.AddIndex(
            model_name="accompaniment",
            index=models.Index(fields=["village_code"], name="accompaniment_village"),
        ),
        migrations.AddIndex(
            model_name="accompaniment",
            index=models.Index(fields=["began_by"], name="accompaniment_began"),
        ),
        migrations.AddIndex(
            model_name="accompaniment",
            index=models.Index(fields=["ended_by"], name="accompaniment_ended"),
        ),
        migrations.AddConstraint(
            model_name="accompaniment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                ),
                name="accompaniment_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="accompaniment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("family", "="),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_until"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="accompaniment_once",
            ),
        ),
    ]
