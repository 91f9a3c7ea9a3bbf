"""
Draw the pictures of the site in README.md and the documentation: ``make pictures``.

They show the site of the example, in light and dark, and need Chromium, selenium and Pillow. The
pixels depend on the fonts of the machine, so that no test compares them.
"""

import base64
import io
import shutil
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from claimtrack import load
from claimtrack.cli.site import write_site
from claimtrack.report.site.context import Options

ROOT: Final = Path(__file__).parents[1]
EXAMPLE: Final = ROOT / "examples" / "china_russia_2017"
DAY: Final = "2026-12-01"
PICTURES: Final = {
    "front": ("index.html", "h1", 0),
    "claim": ("claims/siberia-pipeline-by-end-2019.html#as-of=2021-06-01", "#time", -20),
}
"""The page of each picture, with what stands at its top, and how far below the edge."""

WIDTH: Final = 1100
HEIGHT: Final = 620
COLOURS: Final = 128


def main() -> None:
    """Write all pictures."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium or ""
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(argument)
    with tempfile.TemporaryDirectory() as folder:
        write_site(load(EXAMPLE).audit(DAY), Options(), Path(folder))
        browser = webdriver.Chrome(options=options, service=Service(driver))
        for scheme in ("light", "dark"):
            for name, (page, top, margin) in PICTURES.items():
                _show(browser, f"{Path(folder).as_uri()}/{page}", scheme)
                path = ROOT / "docs" / "images" / f"{name}-{scheme}.png"
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(_shot(browser, top, margin))
                print(path.relative_to(ROOT), path.stat().st_size)
        browser.quit()


def _show(browser: webdriver.Chrome, address: str, scheme: str) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False},
    )
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
    )
    browser.get("about:blank")
    browser.get(address)


def _shot(browser: webdriver.Chrome, top: str, margin: int) -> bytes:
    browser.execute_async_script(
        "const [top, margin, done] = arguments;"
        "const place = document.querySelector(top).getBoundingClientRect().top + scrollY;"
        "scrollTo(0, margin ? place + margin : 0); setTimeout(done, 400);",
        top,
        margin,
    )
    shot = browser.execute_cdp_cmd("Page.captureScreenshot", {})
    image = Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB")
    target = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(target, "PNG", optimize=True)
    return target.getvalue()


if __name__ == "__main__":
    main()
