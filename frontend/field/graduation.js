// What can be entered about a family on its way out of the programme: checklist, visit, its own statement, and that it was
// told. Each is of the case the phone knows; of one that is over there is none.
import { pointsOf, textOf } from "../scripts/signature.js";
import { onDay, pairs } from "./fields.js";
import { EDGE_OF_PAPER } from "./photo.js";
import { t } from "./words.js";

const ITEM = "item_"; // as the server names the field of an item
const MOST = 500;
const POINTS_FEWEST = 8; // as the server takes for a signature

export const kindOf = (step) => `graduation.${step.toLowerCase()}`;

export const GRADUATION = Object.fromEntries(
  Object.entries({ CHECKLIST: checklist, VISIT: visit, STATEMENT: statement, TOLD: told })
    .map(([step, form]) => [kindOf(step), (id, given) => of(step, id, given, form)]),
);

function of(step, id, given, form) {
  const { graduation } = given.family;
  if (graduation?.case !== id) return null;
  const { fields, body = same, values = same, ...more } = form(graduation, given);
  return {
    kind: kindOf(step), title: t(`graduation.${step}`), fields: [onDay(given.today), ...fields], ...more,
    body: (typed) => ({ case: id, ...body(typed) }), values: ({ case: _case, ...kept }) => values(kept),
  };
}

const same = (told) => told;
const note = () => ({ name: "words", label: t("note"), type: "area", most: MOST, hint: t("note.hint") });
const account = (label) => ({ ...note(), label, required: t("fault.write") });
const one = (name, label, choices, hint) => ({ name, label, type: "choice", choices: pairs(choices), hint, required: t("fault.choose") });

function checklist({ kind }, { checklists, words }) {
  const items = checklists[kind] ?? [];
  return {
    about: t("checklist.about"),
    fields: [...items.map(({ code, text, source }) => one(`${ITEM}${code}`, text, words.graduation_answer, source)), note()],
    body: ({ on_day, words: noted, ...told }) => ({ on_day, words: noted, answers: renamed(told, (name) => name.slice(ITEM.length)) }),
    values: ({ answers, ...body }) => ({ ...body, ...renamed(answers, (code) => `${ITEM}${code}`) }),
  };
}

const renamed = (told, name) => Object.fromEntries(Object.entries(told).map(([key, value]) => [name(key), value]));

function visit(_graduation, { words }) {
  return { where: true, fields: [one("result", t("visit.result"), words.graduation_visit), account(t("graduation.met"))] };
}

function told({ approval }) {
  return {
    where: true, about: t("graduation.tell"), fields: [account(t("told.words"))],
    body: (typed) => ({ ...typed, approval }), values: ({ approval: _approval, ...body }) => body,
  };
}

// Signed on the screen, or on stamped paper she takes a photo of: whoever cannot write there uses the paper.
function statement({ statement: words }, { family }) {
  return {
    about: [t("statement.read"), words], photos: t("statement.photo"), picks: { edge: EDGE_OF_PAPER, most: 1 },
    fields: [
      {
        name: "signer", label: t("statement.signer"), type: "select", required: t("member.fault"),
        choices: [["", t("member.choose")], ...family.members.map((each) => [each.id, each.name])],
      },
      { name: "strokes", label: t("signature"), type: "signature", hint: t("signature.hint"), check: signed },
      note(),
    ],
    body: ({ strokes, ...typed }) => ({ ...typed, strokes: strokesOf(strokes) }),
    values: ({ strokes, ...body }) => ({ ...body, strokes: textOf(strokes) }),
  };
}

const strokesOf = (text) => (text ? JSON.parse(text) : []);

function signed(value, { photos }) {
  if (photos) return "";
  if (!value) return t("signature.fault_none");
  return pointsOf(strokesOf(value)) < POINTS_FEWEST ? t("signature.fault_short") : "";
}
