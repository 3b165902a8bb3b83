// A page that stood open for long asks, before it sends what was typed, whether its person is still signed in. If not,
// nothing is sent and nothing is lost: they sign in in another tab and send it then. Forms of steps keep themselves
// (keeping.js). Every page works without this.
const LONG = 10 * 60 * 1000;
const opened = Date.now();
const WORDS = "You were signed out to keep your account safe. Nothing was sent, and what you typed stands here: ";
const LINK = "sign in again in a new tab";
const THEN = ", then come back and send it.";

const account = (page) => page.querySelector(".moothall-account__link")?.textContent;

const say = (form, words, link) => {
  const place = form.querySelector("[data-staying]") ?? document.createElement("p");
  place.className = "govuk-error-message";
  place.dataset.staying = "";
  place.setAttribute("role", "alert");
  place.textContent = words;
  if (link) {
    const anchor = document.createElement("a");
    Object.assign(anchor, { href: link, target: "_blank", rel: "noopener", className: "govuk-link", textContent: LINK });
    place.append(anchor, THEN);
  }
  (form.querySelector("[type=submit]") ?? form.lastElementChild).before(place);
};

// Returns the page as it would be shown now; null if somebody has to sign in first.
const lookAgain = async () => {
  const answer = await fetch(window.location.href, { headers: { Accept: "text/html" }, redirect: "manual" });
  if (answer.type === "opaqueredirect") return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
};

const guard = (form) => {
  let sure = false;
  form.addEventListener("submit", async (event) => {
    if (sure || Date.now() - opened < LONG) return;
    event.preventDefault();
    let fresh;
    try {
      fresh = await lookAgain();
    } catch {
      say(form, "There is no connection at the moment. Nothing was sent, and what you typed stands here.");
      return;
    }
    if (fresh === null) {
      const place = encodeURIComponent(window.location.pathname + window.location.search);
      say(form, WORDS, `/account/login/?next=${place}`);
      return;
    }
    if (account(fresh) !== account(document)) {
      say(form, `${account(fresh) ?? "Somebody else"} is signed in here now. Nothing was sent in their name.`);
      return;
    }
    const token = fresh.querySelector("[name=csrfmiddlewaretoken]");
    const mine = form.querySelector("[name=csrfmiddlewaretoken]");
    if (token && mine) mine.value = token.value;
    sure = true;
    form.requestSubmit(event.submitter);
  });
};

document.querySelectorAll("main form[method=post]:not([data-keep])").forEach(guard);
