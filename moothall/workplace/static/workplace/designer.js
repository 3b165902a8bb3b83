// Line numbers beside the text of a process, and a check while it is typed. Every page works without this.
const QUIET = 600;
const NUMBERS = "designer-numbers";

const numbered = (area) => {
  const numbers = document.createElement("div");
  numbers.className = NUMBERS;
  numbers.setAttribute("aria-hidden", "true");
  area.before(numbers);
  area.addEventListener("scroll", () => (numbers.scrollTop = area.scrollTop));
  new ResizeObserver(() => (numbers.style.height = `${area.clientHeight}px`)).observe(area);
  return (mistakes) => {
    const wrong = new Map();
    for (const { line, serious } of mistakes) wrong.set(line, serious || wrong.get(line) || false);
    const lines = area.value.split("\n").map((_, index) => {
      const line = document.createElement("div");
      line.className = `${NUMBERS}__line`;
      line.textContent = String(index + 1);
      if (wrong.has(index + 1)) line.classList.add(`${NUMBERS}__line--${wrong.get(index + 1) ? "wrong" : "advice"}`);
      return line;
    });
    numbers.replaceChildren(...lines);
    numbers.scrollTop = area.scrollTop;
  };
};

const goTo = (area, line) => {
  const before = area.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  const end = area.value.indexOf("\n", before);
  area.focus();
  area.setSelectionRange(before, end < 0 ? area.value.length : end);
  const height = parseFloat(getComputedStyle(area).lineHeight);
  area.scrollTop = Math.max(0, (line - 4) * height);
};

const item = ({ line, wrong, instead, serious }) => {
  const made = document.createElement("li");
  made.className = `designer-mistake${serious ? " designer-mistake--serious" : ""}`;
  const link = document.createElement("a");
  link.className = "govuk-link";
  link.href = "#id_source";
  link.dataset.line = String(line);
  link.textContent = `Line ${line}`;
  made.append(link, `${serious ? "" : " advice"}: ${wrong} ${instead}`);
  return made;
};

// A new line begins below where the one above it does.
const indented = (area) => (event) => {
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const indent = area.value.slice(start, area.selectionStart).match(/^ */)[0];
  if (!indent) return;
  event.preventDefault();
  document.execCommand("insertText", false, `\n${indent}`); // kept by “undo”, as setRangeText is not
};

const live = (form) => {
  const area = form.querySelector("textarea");
  const list = form.querySelector("[data-mistakes]");
  const said = form.querySelector("[data-said]");
  const picture = form.querySelector("[data-picture]");
  const number = numbered(area);
  let mistakes = Array.from(list.children, (each) => ({
    line: Number(each.querySelector("[data-line]").dataset.line),
    serious: each.classList.contains("designer-mistake--serious"),
  }));
  let timer = 0;
  let under_way = new AbortController();

  const show = (found) => {
    mistakes = found.mistakes;
    list.replaceChildren(...mistakes.map(item));
    if (said.textContent !== found.said) said.textContent = found.said;
    number(mistakes);
    if (!found.picture || !picture) return;
    const drawn = new DOMParser().parseFromString(found.picture, "text/html").querySelector("svg");
    if (drawn) picture.replaceChildren(drawn);
  };

  const check = async () => {
    under_way.abort();
    under_way = new AbortController();
    try {
      const answer = await fetch(form.dataset.check, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "application/json" },
        signal: under_way.signal,
      });
      if (answer.redirected) {
        said.textContent = "You are signed out. Copy your text before you save it: sign in, and put it back.";
        return;
      }
      const found = await answer.json();
      if (!answer.ok) throw new Error(found.message || "It could not be checked just now.");
      show(found);
    } catch (error) {
      if (error.name === "AbortError") return;
      said.textContent = error instanceof TypeError ? "There is no connection, so nothing was checked." : error.message;
    }
  };

  area.addEventListener("input", () => {
    number(mistakes);
    clearTimeout(timer);
    timer = setTimeout(check, QUIET);
  });
  area.addEventListener("keydown", indented(area));
  list.addEventListener("click", (event) => {
    const line = event.target.closest("[data-line]");
    if (!line) return;
    event.preventDefault();
    goTo(area, Number(line.dataset.line));
  });
  let typed = false;
  area.addEventListener("input", () => (typed = true));
  form.addEventListener("submit", () => (typed = false));
  window.addEventListener("beforeunload", (event) => {
    if (typed) event.preventDefault(); // what was typed is not saved
  });
  number(mistakes);
};

document.querySelectorAll("form[data-check]").forEach(live);
