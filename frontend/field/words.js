// What the app says, in the language of the person: one table a language, of the same keys.
import en from "./words/en.json";
import id from "./words/id.json";

const TABLES = { id, en };
const LOCALES = { id: "id-ID", en: "en-GB" };

let language = "id";

export const locale = () => LOCALES[language];

// What the server's answers say she reads; Indonesian until one has said so.
export function speak(wanted) {
  language = wanted in TABLES ? wanted : "id";
  document.documentElement.lang = language;
}

// t("plan.families", {n: 3}): facts stand where the table has {n}; "one|many" where a language tells them apart.
export function t(key, facts = {}) {
  const [one, many = one] = TABLES[language][key].split("|");
  return (facts.n === 1 ? one : many).replace(/\{(\w+)\}/g, (_, name) => facts[name]);
}

// A stage of money as pages of the site name it: of `2026-T4`, `4 tahun 2026`.
export function stageInWords(key) {
  const [, year, stage] = /^(\d{4})-T?(\d+)$/.exec(key) ?? [];
  return year ? t("stage", { stage, year }) : key;
}
