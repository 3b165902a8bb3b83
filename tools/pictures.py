"""Take the README's pictures from a demonstration that is being served: `python tools/pictures.py [ADDRESS]`."""

import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = ViewportSize(width=360, height=700)
DESK = ViewportSize(width=1280, height=800)
OFFICER, SUPERVISOR, DESIGNER = "Helen Okafor", "Grace Adeyemi", "Nadia Rahman"


def main(address: str) -> None:
    """Take each picture and make it small."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        phone = browser.new_page(viewport=PHONE)
        _resident(phone, address)
        desk = browser.new_page(viewport=DESK)
        _become(desk, address, OFFICER)
        desk.goto(f"{address}/work/?tab=team")
        _take(desk, "worklist")
        desk.locator("main a[href*='/work/case/']").first.click()
        _take(desk, "case")
        _become(desk, address, SUPERVISOR)
        desk.goto(f"{address}/work/queues/")
        _take(desk, "queues")
        desk.goto(f"{address}/work/x-ray/street-problem/councils/")
        _take(desk, "x-ray", below="main h2")
        _become(desk, address, DESIGNER)
        desk.goto(f"{address}/work/processes/mash/")
        _take(desk, "process", below="main h2")
        browser.close()


def _resident(page: Page, address: str) -> None:
    page.goto(f"{address}/wenbury/services/street-problem/")
    page.get_by_role("button", name="Start now").click()
    page.get_by_label("Pothole or broken road surface").check()
    _take(page, "question")


def _become(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/demo/people/")
    page.get_by_role("button", name=name).first.click()
    page.wait_for_url("**/work/**")


def _take(page: Page, name: str, *, below: str = "") -> None:
    """Take a picture of what stands at the top, or from some element on."""
    if below:
        page.locator(below).first.evaluate("each => window.scrollTo(0, each.offsetTop - 20)")
    file = FOLDER / f"{name}.png"
    page.screenshot(path=file)
    with Image.open(file) as picture:
        small = picture.convert("RGB").quantize(64)
    small.save(file, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") if sys.argv[1:] else "http://127.0.0.1:8000")
