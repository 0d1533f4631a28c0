// What can be entered: fields as the site's forms ask, and the body as the contract has it. Words of codes come with
// the caseload; the server has the last word on each.
const CHOOSE = "Pilih salah satu.";
const REASON_MIN = 8;
const PROVEN = ["COLLECTOR", "DEATH"];
const EVIDENCE = "Perubahan ini perlu bukti: tulis buktinya atau ambil fotonya.";

export const CHANGES = {
  BIRTH: "Anggota baru", DEATH: "Anggota meninggal", LEFT: "Anggota keluar dari keluarga",
  SCHOOL_LEVEL: "Jenjang sekolah", PREGNANCY: "Kehamilan", DISABILITY: "Disabilitas berat",
  COLLECTOR: "Pengurus baru", MOVE: "Pindah desa",
};

const HOW = {
  VISIT: "Kunjungan ke rumah", PHONE: "Telepon atau pesan", MEETING: "Pertemuan kelompok",
  PAYPOINT: "Di tempat bayar", BANK: "Di bank atau kantor pos",
};
const FOUND = {
  NOT_MET: "Belum bertemu keluarganya", GUIDED: "Keluarga sudah diberi tahu langkahnya",
  RECEIVED: "Keluarga menyatakan uangnya sudah diterima", NOT_RECEIVED: "Keluarga menyatakan uangnya belum diterima",
  NEEDS_BANK: "Perlu tindakan bank atau kantor pos", NEEDS_DATA: "Data keluarga perlu diperbarui", OTHER: "Lainnya",
};
const PURPOSE = {
  ROUTINE: "Kunjungan rutin", DATA: "Memeriksa data keluarga", COMMITMENT: "Menanyakan sekolah atau kesehatan",
  PAYMENT: "Menanyakan penyaluran", CARE: "Lansia atau disabilitas", GRADUATION: "Menyiapkan graduasi", OTHER: "Lainnya",
};
const RESULT = {
  MET: "Bertemu keluarga", NOT_HOME: "Tidak ada di rumah", MOVED: "Sudah pindah",
  DECLINED: "Keluarga tidak bersedia", OTHER: "Lainnya",
};
const CASE = {
  SCHOOL: "Anak tidak bersekolah", HEALTH: "Masalah kesehatan atau gizi", DISABILITY: "Disabilitas tanpa layanan",
  DOCUMENT: "Tanpa dokumen kependudukan", HOUSING: "Rumah tidak layak huni", ELSE: "Lainnya",
};

const pairs = (told, own) => Object.entries(told && Object.keys(told).length ? told : own);
const saysOther = (...names) => (value, values) => (
  !value && names.some((name) => ["OTHER", "ELSE"].includes(values[name])) ? "Tulis hasilnya." : ""
);
const onDay = (today) => ({
  name: "on_day", label: "Hari", type: "day", value: today, required: "Isi tanggalnya.",
  check: (value) => (value > today ? "Hari itu belum tiba." : ""),
});

// {kind, title, fields, photos, body(values)} of what `route` names: tell/<payment>, visit, change/<KIND>.
export function formOf(what, about, { family, words, today }) {
  if (what === "tell") return tell(about, family, words, today);
  if (what === "visit") return visit(words, today);
  return what === "change" && CHANGES[about] ? change(about, family, today) : null;
}

function tell(paymentId, family, words, today) {
  const task = family.tasks.find((one) => one.payment_id === paymentId);
  return {
    kind: "follow_up.tell", title: "Tindak lanjut penyaluran", task, photos: false,
    fields: [
      onDay(today),
      { name: "how", label: "Bagaimana Anda mengetahuinya", type: "choice", choices: pairs(words.how, HOW), required: CHOOSE },
      { name: "found", label: "Hasilnya", type: "choice", choices: pairs(words.found, FOUND), required: CHOOSE },
      {
        name: "reason_code", label: "Sebabnya menurut Anda", type: "select", value: task?.code ?? "",
        choices: [["", "Belum diketahui"], ...pairs(words.reasons, {})], hint: "Kantor yang menetapkan kode akhirnya.",
      },
      {
        name: "note", label: "Catatan", type: "area", check: saysOther("found"),
        hint: "Tanpa NIK, nomor kartu, dan PIN.",
      },
    ],
    body: (values) => ({ payment_id: paymentId, ...values }),
    values: (body) => body,
  };
}

function visit(words, today) {
  return {
    kind: "field.visit", title: "Kunjungan rumah", photos: true,
    fields: [
      onDay(today),
      { name: "purpose", label: "Tujuan", type: "choice", choices: pairs(words.purpose, PURPOSE), required: CHOOSE },
      { name: "result", label: "Hasil", type: "choice", choices: pairs(words.result, RESULT), required: CHOOSE },
      {
        name: "found_case", label: "Kasus yang ditemukan", type: "select",
        choices: [["", "Tidak ada"], ...pairs(words.found_case, CASE)],
      },
      {
        name: "note", label: "Catatan", type: "area", check: saysOther("purpose", "result", "found_case"),
        hint: "Tanpa NIK, nomor kartu, dan PIN.",
      },
    ],
    body: (values) => values,
    values: (body) => body,
  };
}

function change(kind, family, today) {
  const own = [...ofKind(kind, family, today), ...evidence(kind)];
  return {
    kind: "registry.change", title: `Minta perubahan: ${CHANGES[kind]}`, photos: true, fields: own,
    body: ({ reason, ...values }) => ({ kind, fields: numbered(values), reason }),
    values: (body) => ({ ...body.fields, reason: body.reason }),
  };
}

function numbered(values) {
  return "pregnancy_no" in values && values.pregnancy_no
    ? { ...values, pregnancy_no: Number(values.pregnancy_no) } : values;
}

function ofKind(kind, family, today) {
  const past = { type: "day", required: "Isi tanggalnya.", check: (value) => (value > today ? "Tanggalnya belum tiba." : "") };
  const fields = {
    BIRTH: [
      { name: "name", label: "Nama lengkap", most: 120, required: "Isi namanya." },
      { name: "birth_date", label: "Tanggal lahir", ...past },
      { name: "sex", label: "Jenis kelamin", type: "choice", choices: [["F", "Perempuan"], ["M", "Laki-laki"]], required: "Pilih jenis kelaminnya." },
    ],
    DEATH: [member(family), { name: "day", label: "Tanggal", ...past }],
    LEFT: [member(family), { name: "day", label: "Tanggal", ...past }],
    SCHOOL_LEVEL: [member(family), {
      name: "school_level", label: "Jenjang sekolah", type: "select",
      choices: [["", "Tidak bersekolah"], ["SD", "SD sederajat"], ["SMP", "SMP sederajat"], ["SMA", "SMA sederajat"]],
    }],
    PREGNANCY: [member(family, (one) => one.sex === "F"), {
      name: "pregnancy_no", label: "Kehamilan ke-", type: "number", hint: "Kosongkan bila kehamilan sudah berakhir.",
      check: (value) => (value && !(Number.isInteger(Number(value)) && value >= 1 && value <= 20) ? "Isi dengan angka." : ""),
    }],
    DISABILITY: [member(family), {
      name: "severe_disability", label: "Disabilitas berat", type: "choice", choices: [["yes", "Ya"], ["no", "Tidak"]],
      required: "Pilih ya atau tidak.",
    }],
    COLLECTOR: [member(family, (one) => !one.collector)],
    MOVE: [{
      name: "village", label: "Kode desa/kelurahan baru", most: 13, inputmode: "decimal", required: "Isi kode desanya.",
      hint: "10 angka menurut Kemendagri, misalnya 63.71.01.1001.",
      check: (value) => (value.replace(/\D/g, "").length === 10 ? "" : "Kode desa terdiri atas 10 angka."),
    }],
  };
  return fields[kind];
}

function member(family, fits = () => true) {
  const choices = family.members.filter(fits).map((one) => [one.id, one.name]);
  return { name: "member", label: "Anggota", type: "select", choices: [["", "Pilih anggota"], ...choices], required: "Pilih anggotanya." };
}

function evidence(kind) {
  return [
    {
      name: "reason", label: "Alasan", type: "area", most: 1000, required: "Tulis alasannya.",
      check: (value) => (value.length < REASON_MIN ? "Tulis alasannya dengan jelas." : ""),
    },
    {
      name: "evidence_words", label: "Bukti", most: 1000, hint: "Misalnya: Akta kelahiran, dilihat saat kunjungan.",
      check: (value, values) => (PROVEN.includes(kind) && !value && !values.photos ? EVIDENCE : ""),
    },
  ];
}
