// Entering something about a family. It says "tersimpan" after it lies on the disk; a half-typed form is found again.
import { alert, h, heading, link } from "../dom.js";
import { place } from "../drafts.js";
import { entering, picker, placeNoter, refusal } from "../entering.js";
import { faults, field, showFaults, typed } from "../fields.js";
import { formOf } from "../kinds.js";
import { missing } from "./family.js";
import { t } from "../words.js";

const BACK = { keluarga: "saved.family", pertemuan: "saved.meetings", lembar: "saved.sheets" };

export async function recordScreen(shared, { id, what, about, mends }) {
  const { caseload, today } = shared;
  const family = caseload.families.find((one) => one.id === id);
  const made = family && formOf(what, about, { ...caseload, family, today });
  if (!made) return family ? over(id) : missing();
  const one = await entering(shared, { draft: place(id, what, about ?? "", mends ?? ""), mends, ofBody: made.values });
  const form = one.form(() => typed(form, made.fields), submit,
    made.fields.map((each) => field(each, one.values[each.name] ?? each.value ?? "")),
    made.photos && picker(one, made.photos, made.picks), made.where && placeNoter(one));

  // Fields that are asked only after a certain answer.
  const some = made.fields.filter((each) => each.only);
  const asked = () => {
    const told = typed(form, made.fields);
    for (const each of some) form.querySelector(`[data-field="${each.name}"]`).hidden = !each.only(told);
  };
  form.addEventListener("change", asked);
  asked();

  function submit() {
    const told = typed(form, made.fields);
    const found = faults(made.fields, { ...told, photos: one.photos.length > 0 });
    showFaults(form, found);
    if (found.length) return;
    const shown = {
      title: made.title, name: family.name, family_no: family.family_no,
      screen: ["catat", id, what, ...(about ? [about] : [])].map(encodeURIComponent).join("/"),
    };
    one.save([{ kind: made.kind, family, body: made.body(told), shown }], `keluarga/${id}`);
  }

  return [
    ...heading(made.title, h("p", { class: "f-muted" }, `${family.name} · ${family.family_no} · ${family.village}`)),
    [made.about ?? []].flat().map((words) => h("p", {}, words)),
    refusal(one, form), one.said, form, h("p", {}, link(t("cancel"), `#/keluarga/${id}`, { kind: "quiet" })),
  ];
}

// The family is there, what she wanted to enter about it is not.
function over(id) {
  return [...heading(t("over.title")), alert("info", t("over.why")), h("p", {}, link(t("saved.family"), `#/keluarga/${id}`))];
}

// `back`: where she came from, as addresses have it.
export function savedScreen(back, count) {
  const [first] = back.split("/");
  return [
    ...heading(t("saved.title")), alert("good", t("saved.safe"), h("p", {}, t("saved.waiting", { n: count }))),
    h("div", { class: "g-actions" }, link(t(BACK[first] ?? BACK.keluarga), `#/${back}`), link(t("plan.title"), "#/rencana", { kind: "secondary" })),
  ];
}
