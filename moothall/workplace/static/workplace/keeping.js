// Keeps what is typed into a step soon after the typing stops, so that nothing is lost. Every page works without this.
const QUIET = 2000;
const AGAIN = 15000;
const SOON = 300;

const typedIn = (form) => {
  const typed = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") typed.append(name, value);
  }
  return typed;
};

// What protects a form against forgery changes from page to page; it is not typed.
const asText = (form) => {
  const typed = typedIn(form);
  typed.delete("csrfmiddlewaretoken");
  return typed.toString();
};

const say = (form, { said, link, link_text: text }) => {
  const place = form.querySelector("[data-kept]");
  const words = link ? `${said} ${text}` : said;
  if (place.textContent === words) return; // said already: a screen reader need not hear it twice in a minute
  place.textContent = link ? `${said} ` : said;
  if (link) {
    const anchor = document.createElement("a");
    anchor.className = "govuk-link";
    anchor.href = link;
    anchor.textContent = text;
    place.append(anchor);
  }
};

const watch = (form) => {
  let kept = asText(form);
  let timer = 0;
  let leaving = false;
  let under_way = new AbortController();

  const keep = async () => {
    clearTimeout(timer);
    const now = asText(form);
    if (leaving || now === kept) return;
    try {
      const answer = await fetch(form.dataset.keep, {
        method: "POST",
        body: typedIn(form),
        headers: { Accept: "application/json" },
        signal: under_way.signal,
      });
      const found = await answer.json();
      if (!answer.ok) throw new Error(found.message);
      kept = now;
      say(form, found);
    } catch (error) {
      if (error.name === "AbortError") return;
      const why = error instanceof TypeError ? "There is no connection." : error.message;
      say(form, { said: `Not kept yet. ${why}` });
      timer = setTimeout(keep, AGAIN);
    }
  };

  const after = (pause) => () => {
    clearTimeout(timer);
    timer = setTimeout(keep, pause);
  };
  form.addEventListener("input", after(QUIET));
  form.addEventListener("focusout", after(SOON)); // not at once: the next thing may be that the form is sent
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
    under_way.abort();
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
    under_way = new AbortController();
  });
  window.addEventListener("pagehide", () => {
    const now = asText(form);
    if (leaving || now === kept) return;
    const typed = typedIn(form);
    typed.append("quiet", "1");
    if (navigator.sendBeacon(form.dataset.keep, typed)) kept = now;
  });
  return keep;
};

const keepers = Array.from(document.querySelectorAll("form[data-keep]"), watch);

// A page that shows what was typed must not be faster than the keeping of it.
for (const link of document.querySelectorAll("[data-keep-first]")) {
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    await Promise.all(keepers.map((keep) => keep()));
    window.location.assign(link.href);
  });
}
