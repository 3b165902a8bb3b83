"""How a journey looks at a page: with axe, with a ruler, and by keyboard alone."""

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_AXE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
_RUN = """async () => {
  const kinds = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const found = await axe.run(document, {runOnly: kinds});
  return found.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 200)).join(" | ")}`);
}"""
_FOCUSED = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return "";
  const label = here.labels && here.labels.length ? here.labels[0].innerText : "";
  return (label || here.innerText || here.getAttribute("aria-label") || here.name || "").trim();
}"""
_MOST_TABS = 80
_SHOTS = os.environ.get("SHOTS_FOLDER", "")


def look(page: Page, name: str = "") -> None:
    """Check that a page is accessible and fits its screen; keep a picture of it if a folder is named."""
    page.wait_for_load_state()
    if _SHOTS and name:
        assert page.viewport_size
        width = page.viewport_size["width"]
        page.screenshot(path=f"{_SHOTS}/journey-{name}-{width}.png", full_page=True)
    page.evaluate(_AXE)
    violations: Any = page.evaluate(_RUN)
    assert violations == [], f"{page.url}: {violations}"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
        f"{page.url} is too wide"
    )


def tab_to(page: Page, text: str) -> None:
    """Go on with the Tab key alone until something that says this has the focus, and can be seen to have it."""
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        focused = str(page.evaluate(_FOCUSED))
        if focused.startswith(text):
            return
    raise AssertionError(f"“{text}” cannot be reached by keyboard on {page.url}.")


def enter(page: Page) -> None:
    """Press Enter, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_load_state("load")
