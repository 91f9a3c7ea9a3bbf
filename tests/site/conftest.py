"""Sites in folders, and a browser to look at them with."""

import shutil
import tempfile
from pathlib import Path

import pytest

from claimtrack.cli.site import write_site
from claimtrack.report.site.context import Options
from tests.site.registries import DAY, one_of_everything


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """The folder of a site of a registry with one of everything."""
    folder = tmp_path_factory.mktemp("site")
    write_site(one_of_everything().audit(DAY), Options(), folder)
    return folder


@pytest.fixture(scope="session")
def browser():
    """Chromium, which resolves no name of any host."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("chromium and chromedriver are not installed")
    webdriver = pytest.importorskip("selenium.webdriver")
    service = pytest.importorskip("selenium.webdriver.chrome.service")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = chromium
        for argument in (
            *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic"),
            *("--no-first-run", "--disable-background-networking", "--disable-sync"),
            *("--disable-component-update", "--disable-dev-shm-usage"),
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            f"--user-data-dir={profile}",
        ):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        found = webdriver.Chrome(options=options, service=service.Service(driver))
        found.set_page_load_timeout(60)
        yield found
        found.quit()
