// Single keys of the desk's pages. A link or button with data-key is gone to by that key; the list of them opens with
// “?”. They can be switched off, for whoever speaks to their computer or types past a box. All works without this.
const SWITCH = "desk-keys-off";
const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

const store = (change) => {
  try {
    return change(window.localStorage);
  } catch {
    return null; // a browser that keeps nothing: the keys stay on
  }
};

export const keysAreOn = () => store((kept) => kept.getItem(SWITCH)) !== "yes";

// Says something to whoever listens to the page.
export const say = (words) => {
  const place = document.querySelector("[data-said]");
  if (place) place.textContent = words;
};

const handlers = [];

// Hangs a handler on single keys; it returns whether the key was its own.
export const onKey = (handler) => handlers.unshift(handler);

const dialog = document.querySelector("dialog[data-keys]");

const showKeys = () => {
  if (!dialog) return false;
  dialog.showModal();
  return true;
};

onKey((key) => {
  if (key === "?") return showKeys();
  const place = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key);
  if (!place) return false;
  if (place.matches("input, textarea, select")) place.focus();
  else place.click();
  return true;
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest(TYPING) || document.querySelector("dialog[open]") || !keysAreOn()) return;
  if (handlers.some((handler) => handler(event.key, event))) event.preventDefault();
});

for (const opener of document.querySelectorAll("[data-show-keys]")) {
  opener.hidden = false;
  opener.addEventListener("click", showKeys);
}

const toggle = document.querySelector("[data-keys-switch]");
if (toggle) {
  toggle.checked = keysAreOn();
  toggle.addEventListener("change", () => {
    store((kept) => (toggle.checked ? kept.removeItem(SWITCH) : kept.setItem(SWITCH, "yes")));
  });
}
