// Elements, without markup as text: what people wrote is only ever text.
const SVG = "http://www.w3.org/2000/svg";

// h("p", {class: "…", onclick: f}, "text", element, [more])
export function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "g-icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${document.body.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

const TONES = { good: "circle-check", warn: "triangle-alert", bad: "circle-x", info: "info" };

export function alert(tone, title, ...children) {
  return h("div", { class: `g-alert g-alert--${tone}` }, icon(TONES[tone]),
    h("div", {}, h("p", { class: "g-alert__title" }, title), ...children));
}

export function button(words, onclick, { kind = "", ...more } = {}) {
  return h("button", { type: "button", class: `g-button ${kind && `g-button--${kind}`}`, onclick, ...more }, words);
}

export function link(words, href, { kind = "", ...more } = {}) {
  return h("a", { class: `g-button ${kind && `g-button--${kind}`}`, href, ...more }, words);
}

// Leads to a screen: a large target with what is behind it.
export function card(href, title, ...lines) {
  return h("li", {}, h("a", { class: "f-card", href }, h("strong", {}, title), ...lines,
    h("span", { class: "f-go" }, icon("chevron-right"))));
}

export const muted = (...words) => h("span", { class: "f-muted" }, ...words);

export const next = (sign, words) => h("span", { class: "f-next" }, icon(sign), words);

export const waits = (words) => h("span", { class: "f-waits" }, icon("clock"), words);

export function heading(words, ...below) {
  return [h("h1", { tabindex: "-1" }, words), ...below];
}

// A heading that is a family's name; `title` is what the browser's history says of the screen instead.
export function headingOfName(words, title, ...below) {
  return [h("h1", { tabindex: "-1", "data-title": title }, words), ...below];
}
