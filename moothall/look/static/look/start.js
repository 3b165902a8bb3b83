// Brings govuk-frontend's components to life. Every page works without this.
import { initAll } from "../assets/govuk-frontend.js";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
initAll();

// A table that is wider than the screen can be scrolled by keyboard; one that fits needs no extra stop.
const regions = document.querySelectorAll(".moothall-scroll");
const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    target.tabIndex = target.scrollWidth > target.clientWidth ? 0 : -1;
  }
});
regions.forEach((region) => watcher.observe(region));
