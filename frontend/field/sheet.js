// The numbers of a sheet as the phone keeps them while they are entered, and as the contract has them.
import { YES } from "./fields.js";
import { t } from "./words.js";

const MONTHS = [1, 2, 3];
const MOST = 31;
export const KINDS = { EDUCATION: ["absent", "leave", "sick"] };
export const kindsOf = (obligation) => KINDS[obligation] ?? ["visits"];
export const keyOf = (one) => `${one.member}/${one.obligation}`;
export const nothing = (obligation) => Object.fromEntries(kindsOf(obligation).map((kind) => [kind, 0]));
export const within = (number) => Math.min(MOST, Math.max(0, number));

const served = (told, month) => told[`service_${month}`] === YES;

// Members of whom anything was entered. Of a month without school or service there is nothing to count.
export function rowsOf(sheet, told) {
  const rows = sheet.members.filter((one) => told.cells[keyOf(one)]).map((one) => {
    const cells = told.cells[keyOf(one)];
    const months = MONTHS.filter((month) => !served(told, month) || cells[month]);
    return { member: one.member, obligation: one.obligation, months: months.map((month) => ({ month, ...(served(told, month) ? cells[month] : nothing(one.obligation)) })) };
  });
  return rows.filter((row) => row.months.length);
}

// What the form says again of a sheet the server refused.
export function valuesOf(body) {
  const each = (name, say) => Object.fromEntries(MONTHS.map((month) => [`${name}_${month}`, say(body[name === "days" ? "days" : "service"]?.[month])]));
  return {
    signer_name: body.signer_name, signer_role: body.signer_role, place: body.place, signed_on: body.signed_on,
    ...each("service", (there) => (there === false ? "no" : YES)), ...each("days", (days) => String(days ?? "")),
    cells: Object.fromEntries(body.rows.map((row) => [keyOf(row), Object.fromEntries(row.months.map(({ month, ...numbers }) => [month, numbers]))])),
  };
}

// [[field, sentence]]: days of a month that has numbers, and never more missed than there were.
export function wrongRows(sheet, told, rows) {
  if (!rows.length) return [["cells", t("sheet.fault_nobody")]];
  const found = [];
  for (const month of MONTHS.filter((each) => sheet.school && served(told, each))) {
    const counted = rows.filter((row) => row.obligation === "EDUCATION").flatMap((row) => row.months.filter((one) => one.month === month));
    const days = told[`days_${month}`];
    if (counted.length && !days) found.push([`days_${month}`, t("sheet.fault_days")]);
    else if (counted.some((one) => one.absent + one.leave + one.sick > Number(days))) found.push([`days_${month}`, t("sheet.fault_more")]);
  }
  return found;
}
