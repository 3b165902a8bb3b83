// Keeps the room of a major incident live: counts down to the next notices, and brings in new lines and what is known,
// without touching what somebody types. Every page works without this.
const AGAIN = 15000;
const MINUTE = 60000;
const SOON = 5;

const words = (minutes) => {
  const late = minutes < 0;
  const whole = Math.abs(minutes);
  const hours = Math.floor(whole / 60);
  const rest = whole % 60;
  if (!hours && !rest) return "now";
  const parts = [];
  if (hours) parts.push(`${hours} hour${hours === 1 ? "" : "s"}`);
  if (rest) parts.push(`${rest} minute${rest === 1 ? "" : "s"}`);
  return late ? `${parts.join(" ")} late` : `in ${parts.join(" ")}`;
};

const colour = (element, minutes, left) => {
  const state = left <= 0 ? "late" : minutes < SOON ? "soon" : "good";
  const clock = element.closest(".moothall-clock");
  if (clock) clock.className = `moothall-clock moothall-clock--${state}`;
  const tile = element.closest(".moothall-tile");
  if (tile) tile.className = state === "good" ? "moothall-tile" : `moothall-tile moothall-tile--${state}`;
};

const count = () => {
  for (const element of document.querySelectorAll("[data-due]")) {
    const left = new Date(element.dataset.due) - Date.now();
    const minutes = left < 0 ? Math.ceil(left / MINUTE) : Math.floor(left / MINUTE);
    const said = words(minutes);
    if (element.textContent !== said) element.textContent = said;
    colour(element, minutes, left);
  }
};

const same = (one, other) => one.textContent.replace(/\s+/g, " ") === other.textContent.replace(/\s+/g, " ");

const bring = (fresh) => {
  for (const piece of fresh.querySelectorAll("[data-live]")) {
    const here = document.querySelector(`[data-live="${piece.dataset.live}"]`);
    if (!here || same(here, piece) || here.contains(document.activeElement)) continue;
    here.replaceChildren(...piece.childNodes);
  }
  const list = document.querySelector("[data-lines]");
  const lines = [...fresh.querySelectorAll("[data-lines] > [data-line]")];
  const known = new Map([...list.children].map((each) => [each.dataset.line, each]));
  const kept = new Set(lines.map((each) => each.dataset.line));
  for (const [number, line] of known) {
    if (!kept.has(number) && !line.contains(document.activeElement)) line.remove();
  }
  let before = null;
  for (const line of lines) {
    const here = known.get(line.dataset.line);
    if (!here) {
      if (before) before.after(line);
      else list.prepend(line);
    }
    before = here ?? line;
  }
};

const place = document.querySelector("[data-room]");
const heard = document.querySelector("[data-heard]");

const ask = async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch(place.dataset.room, { headers: { Accept: "text/html" }, redirect: "manual" });
    if (!answer.ok) throw new Error("not there");
    bring(new DOMParser().parseFromString(await answer.text(), "text/html"));
    heard.hidden = true;
    count();
  } catch {
    heard.textContent = "What is new cannot be fetched at the moment. Load the page again to be sure.";
    heard.hidden = false;
  }
};

if (place) {
  setInterval(count, 5000);
  setInterval(ask, AGAIN);
  document.addEventListener("visibilitychange", ask);
  count();
}
