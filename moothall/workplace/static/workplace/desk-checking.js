// A form that is filled in shows at once what follows from it: what the “Show what follows” button does by hand. Only
// the part that says so is replaced; what is typed is left alone. All works without this.
const PAUSE = 700;

const watch = (form) => {
  let timer = 0;
  let asked = new AbortController();

  const check = async () => {
    asked.abort();
    asked = new AbortController();
    const typed = new FormData(form);
    typed.set("check", "yes");
    try {
      const answer = await fetch(form.action || window.location.href, {
        method: "POST",
        body: typed,
        redirect: "error",
        signal: asked.signal,
      });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const place of form.querySelectorAll("[data-checked]")) {
        const fresh = page.querySelector(`[data-checked="${place.dataset.checked}"]`);
        if (fresh && fresh.textContent !== place.textContent) place.replaceChildren(...fresh.childNodes);
      }
    } catch {
      // no connection, or signed out: the button still says so when it is pressed
    }
  };

  form.addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    asked.abort();
  });
};

document.querySelectorAll("form[data-check]").forEach(watch);
