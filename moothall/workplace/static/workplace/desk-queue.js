// The queue by keyboard: j and k go from call to call, x selects, t takes; a, p, r and m open what is done to the call.
// The focus goes along, so that a screen reader reads each call. All works without this, by links and tick boxes.
import { onKey, say } from "./desk-keys.js";

const queue = document.querySelector("[data-queue]");
const ACTS = { a: "assign", p: "priority", r: "reply", m: "merge", n: "note", e: "resolve" };
const TOGETHER = { t: "take", a: "assign", m: "merge", u: "under" };

const rows = () => [...queue.querySelectorAll("[data-call]")];
const link = (row) => row.querySelector("a[data-open]");
const box = (row) => row.querySelector("input[type=checkbox]");
const selected = () => rows().filter((row) => box(row).checked);
const here = () => document.activeElement?.closest("[data-call]") ?? queue.querySelector("[data-here]");

const goTo = (row) => {
  if (!row) return;
  queue.querySelector("[data-here]")?.removeAttribute("data-here");
  row.setAttribute("data-here", "");
  link(row).focus();
  row.scrollIntoView({ block: "nearest" });
};

const step = (by) => {
  const all = rows();
  const row = here();
  goTo(row ? all[all.indexOf(row) + by] : all[0]);
};

const count = () => {
  const number = selected().length;
  const place = document.querySelector("[data-selected]");
  if (place) place.textContent = number ? `${number} selected` : "None selected";
  return number;
};

const select = (row) => {
  box(row).checked = !box(row).checked;
  say(`${row.dataset.call} ${box(row).checked ? "selected" : "not selected"}, ${count()} in all`);
};

const together = (act) => document.querySelector(`[data-together="${act}"]`)?.click();

const take = (row) => {
  const form = document.querySelector("form[data-take]");
  if (!form) return;
  form.action = `${link(row).pathname}take/`;
  form.requestSubmit();
};

const act = (row, what) => {
  const back = encodeURIComponent(window.location.pathname + window.location.search);
  window.location.assign(`${link(row).pathname}${what}/?back=${back}`);
};

if (queue) {
  onKey((key) => {
    if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (TOGETHER[key] && selected().length > 0) together(TOGETHER[key]);
    else {
      const row = here();
      if (!row) return false;
      if (key === "x") select(row);
      else if (key === "t") take(row);
      else if (ACTS[key]) act(row, ACTS[key]);
      else return false;
    }
    return true;
  });
  queue.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-call]");
    if (!row || row.hasAttribute("data-here")) return;
    queue.querySelector("[data-here]")?.removeAttribute("data-here");
    row.setAttribute("data-here", "");
  });
  queue.addEventListener("change", count);
  const all = document.querySelector("[data-select-all]");
  if (all) {
    all.hidden = false;
    all.addEventListener("click", () => {
      const some = selected().length < rows().length;
      for (const row of rows()) box(row).checked = some;
      say(`${count()} selected`);
    });
  }
  count(); // a browser that came back has kept what was ticked
}
