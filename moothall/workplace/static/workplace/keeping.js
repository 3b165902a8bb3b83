// Keeps what is typed into a step soon after the typing stops, so that nothing is lost. Every page works without this.
const QUIET = 2000;
const AGAIN = 15000;

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

  const keep = async () => {
    clearTimeout(timer);
    const now = asText(form);
    if (leaving || now === kept) return;
    try {
      const answer = await fetch(form.dataset.keep, {
        method: "POST",
        body: typedIn(form),
        headers: { Accept: "application/json" },
      });
      const found = await answer.json();
      if (!answer.ok) throw new Error(found.message);
      kept = now;
      say(form, found);
    } catch (error) {
      const why = error instanceof TypeError ? "There is no connection." : error.message;
      say(form, { said: `Not kept yet. ${why}` });
      timer = setTimeout(keep, AGAIN);
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, QUIET);
  });
  form.addEventListener("focusout", keep);
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
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
