// What pages do beyond plain links and forms: the menu on phones, focus on an error summary, copy, print, a pad to sign
// on, the digest of a file that stays here, and a word when htmx could not bring a page or a device gave no passkey.
// Every page works without it.
import { pad as padOn, textOf } from "./signature.js";

const strokesIn = (field) => {
  try { return JSON.parse(field.value || "[]"); } catch { return []; }
};

(() => {
  const menu = document.querySelector(".g-menu");
  const nav = document.getElementById("menu");
  if (menu && nav) {
    menu.setAttribute("role", "button");
    menu.setAttribute("aria-controls", "menu");
    const show = (open) => {
      menu.setAttribute("aria-expanded", String(open));
      nav.classList.toggle("g-nav--open", open);
    };
    show(location.hash === "#menu");
    const toggle = (event) => {
      event.preventDefault();
      if (location.hash === "#menu") history.replaceState(null, "", location.pathname + location.search);
      show(menu.getAttribute("aria-expanded") !== "true");
    };
    menu.addEventListener("click", toggle);
    menu.addEventListener("keydown", (event) => { if (event.key === " ") toggle(event); });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu.getAttribute("aria-expanded") === "true") { show(false); menu.focus(); }
    });
  }

  const ready = (root) => {
    for (const button of root.querySelectorAll("[data-copy], [data-print]")) button.hidden = false;
    root.querySelector(".govuk-error-summary")?.focus();
  };
  ready(document);
  document.addEventListener("htmx:after:swap", () => ready(document));

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy], [data-print]");
    if (!button) return;
    if (button.hasAttribute("data-print")) return window.print();
    await navigator.clipboard.writeText(button.dataset.copy);
    const words = button.querySelector("[data-copied]");
    if (words) words.textContent = words.dataset.copied;
  });

  // A pad to sign on: its strokes go along as points, in a field of the form; the server draws them anew.
  for (const pad of document.querySelectorAll("[data-signature]")) {
    const field = document.getElementById(pad.dataset.signature);
    const canvas = pad.querySelector("canvas");
    if (!field || !canvas) continue;
    pad.hidden = false;
    const clear = padOn(canvas, strokesIn(field), (strokes) => { field.value = textOf(strokes); });
    pad.querySelector("[data-signature-clear]")?.addEventListener("click", clear);
  }

  // The digest of a file, computed here: the file goes nowhere.
  for (const choice of document.querySelectorAll("[data-digest]")) {
    const field = document.getElementById(choice.dataset.digest);
    if (!field || !globalThis.crypto?.subtle) continue;
    choice.hidden = false;
    choice.querySelector("input").addEventListener("change", async ({ target }) => {
      field.value = "";
      const [file] = target.files;
      if (!file) return;
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
      if (target.files[0] === file) field.value = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    });
  }

  const fault = document.getElementById("fault");
  const tell = (failed) => { if (fault) fault.hidden = !failed; };
  document.addEventListener("htmx:error", () => tell(true));
  document.addEventListener("htmx:after:request", (event) => {
    const status = event.detail?.ctx?.response?.raw?.status;
    if (status) tell(status >= 400 && status !== 422);
  });

  // allauth's buttons for passkeys say on the console alone what came of them.
  const noPasskey = document.getElementById("no-passkey");
  document.addEventListener("allauth.error", (event) => {
    if (!noPasskey) return;
    event.preventDefault();
    const known = { NotAllowedError: "not-given", AbortError: "not-given", InvalidStateError: "there-already" };
    const why = globalThis.PublicKeyCredential ? known[event.detail.exception?.name] ?? "failed" : "unknown-here";
    for (const words of noPasskey.querySelectorAll("[data-why]")) words.hidden = words.dataset.why !== why;
    noPasskey.hidden = false;
    noPasskey.scrollIntoView({ block: "nearest" });
  });
})();
