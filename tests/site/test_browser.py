"""
The site in Chromium: from a file system, on a server under some path, with and without JavaScript.

Screenshots are kept in the folder that ``CLAIMTRACK_SCREENSHOTS`` names.
"""

import base64
import functools
import http.server
import itertools
import json
import os
import threading
from pathlib import Path

import pytest

from claimtrack.cli.site import write_site
from claimtrack.report.site.context import Options
from tests.site.registries import DAY, hostile, long_words, one_of_everything

ROOT = Path(__file__).parents[2]
AXE = ROOT / ".venv" / "axe" / "axe.min.js"
"""From the npm package axe-core; `.ci/run` fetches it where it can."""

SCREENSHOTS = os.environ.get("CLAIMTRACK_SCREENSHOTS")

PAGES = (
    *("index.html", "speakers.html", "facts.html", "due.html", "method.html"),
    *("claims/by-2019.html", "claims/stays-open.html", "claims/opinion.html"),
    *("speakers/miller.html", "facts/siberia.first-gas.html", "facts/siberia.flow.html"),
)
PHONE, LAPTOP = (390, 844), (1280, 800)


@pytest.fixture
def fresh(browser):
    """The browser, with nothing left of the test before."""
    browser.get("about:blank")
    browser.get_log("browser")
    browser.get_log("performance")
    as_if(browser, LAPTOP)
    return browser


def as_if(browser, size, *, scheme="light", media="screen"):
    width, height = size
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"media": media, "features": [{"name": "prefers-color-scheme", "value": scheme}]},
    )


def requested(browser):
    """Return the addresses that were asked for since this was called last."""
    events = [json.loads(one["message"])["message"] for one in browser.get_log("performance")]
    return [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]


def complaints(browser):
    return [one["message"] for one in browser.get_log("browser")]


def rows(browser):
    return [
        [cell.text for cell in row.find_elements("css selector", "th, td")]
        for row in browser.find_elements("css selector", ".claims tbody tr")
    ]


def claims_shown(browser):
    return [row[0].splitlines()[0] for row in rows(browser)]


def choose(browser, id_, value):
    """Choose as a keyboard does; a click opens a list that is no part of the page."""
    browser.execute_script(
        "const field = document.getElementById(arguments[0]); field.value = arguments[1];"
        "field.dispatchEvent(new Event('input', { bubbles: true }));"
        "field.dispatchEvent(new Event('change', { bubbles: true }));",
        id_,
        value,
    )


@pytest.fixture(scope="module")
def served(site):
    """The address of the site on a server, some way down its paths."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

        def translate_path(self, path):
            return super().translate_path(path.removeprefix("/news/tracker"))

    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/news/tracker"
        server.shutdown()


@pytest.fixture(params=["file", "served"])
def base(request, site):
    return site.as_uri() if request.param == "file" else request.getfixturevalue("served")


def test_no_page_complains_or_asks_for_anything_but_itself(fresh, base):
    for page in PAGES:
        address = f"{base}/{page}"
        fresh.get(address)

        asked = [one for one in requested(fresh) if not one.startswith(("data:", "about:"))]
        assert set(asked) <= {address}, page
        assert complaints(fresh) == []


def test_filters_narrow_the_table_and_the_address_remembers_them(fresh, base):
    fresh.get(f"{base}/index.html")
    assert len(rows(fresh)) == 8

    choose(fresh, "f-status", "held")

    assert sorted(claims_shown(fresh)) == ["Gas flows to China by the end of 2019.", "a success"]
    assert fresh.find_element("id", "shown").text == "2 of 8 claims"
    assert fresh.current_url.endswith("#status=held")
    choose(fresh, "f-topics", "energy")
    assert claims_shown(fresh) == ["Gas flows to China by the end of 2019."]
    fresh.get("about:blank")
    fresh.get(f"{base}/index.html#status=held&topics=energy")
    assert claims_shown(fresh) == ["Gas flows to China by the end of 2019."]
    fresh.find_element("css selector", "#filters button[type=reset]").click()
    assert wait_for(lambda: len(rows(fresh)) == 8)


def wait_for(condition):
    for _ in range(50):
        if condition():
            return True
        threading.Event().wait(0.05)
    return False


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("MISTAKE", ["It was a mistake"]),
        ("gas will flow", ["Gas flows to China by the end of 2019."]),
        ("skeptic 2018", ["It was a mistake"]),
        ("trade", ["by 2018"]),
        ("no such words", []),
    ],
)
def test_search_looks_at_words_quotes_speakers_and_topics(fresh, site, typed, found):
    fresh.get(f"{site.as_uri()}/index.html")

    fresh.find_element("id", "q").send_keys(typed)

    assert claims_shown(fresh) == found
    assert complaints(fresh) == []


def test_a_count_on_the_front_page_leads_to_its_claims(fresh, site):
    fresh.get(f"{site.as_uri()}/index.html")

    fresh.find_element("css selector", ".legend a[href$='status=late']").click()

    assert wait_for(lambda: claims_shown(fresh) == ["by 2018"])
    selected = fresh.find_element("css selector", "#f-status option:checked")
    assert selected.get_attribute("value") == "late"


def head(browser, key):
    return browser.find_element("css selector", f"th[data-sort={key}]")


def sorted_by(browser):
    heads = browser.find_elements("css selector", "th[aria-sort]")
    return [(one.get_attribute("data-sort"), one.get_attribute("aria-sort")) for one in heads]


def test_the_heads_of_the_columns_sort_the_table(fresh, site):
    fresh.get(f"{site.as_uri()}/index.html")
    assert claims_shown(fresh)[0] == "It was a mistake"
    assert sorted_by(fresh) == [("said", "descending")]

    head(fresh, "said").find_element("css selector", "button").click()
    assert claims_shown(fresh)[-1] == "It was a mistake"
    assert sorted_by(fresh) == [("said", "ascending")]

    head(fresh, "claim").find_element("css selector", "button").click()
    shown = claims_shown(fresh)
    assert shown == sorted(shown, key=str.lower)
    assert fresh.current_url.endswith("#sort=claim-up")
    head(fresh, "claim").find_element("css selector", "button").click()
    assert claims_shown(fresh) == shown[::-1]
    assert sorted_by(fresh) == [("claim", "descending")]

    head(fresh, "status").find_element("css selector", "button").send_keys(" ")
    statuses = [row[-1].splitlines()[0] for row in rows(fresh)]
    assert statuses[:2] == ["held", "held"]
    assert statuses[-1] == "annulled"


def test_claims_without_a_due_day_stand_last_either_way(fresh, site):
    fresh.get(f"{site.as_uri()}/index.html")

    for _ in range(2):
        head(fresh, "due").find_element("css selector", "button").click()
        dues = [row[3] for row in rows(fresh)]
        without = dues.count("\N{EN DASH}")
        assert without
        assert dues[-without:] == ["\N{EN DASH}"] * without


def test_on_a_phone_an_order_is_chosen_from_a_list(fresh, site):
    as_if(fresh, PHONE)
    fresh.get(f"{site.as_uri()}/index.html#sort=said-up")

    assert fresh.find_element("id", "sort").is_displayed()
    assert claims_shown(fresh)[-1] == "It was a mistake"
    choose(fresh, "sort", "claim-down")
    shown = claims_shown(fresh)
    assert shown == sorted(shown, key=str.lower, reverse=True)
    as_if(fresh, LAPTOP)
    assert not fresh.find_element("id", "sort").is_displayed()


def test_links_lead_to_the_claim_its_speaker_and_its_facts_and_back(fresh, base):
    fresh.get(f"{base}/index.html")

    for link, heading in (
        ("Gas flows to China by the end of 2019.", "Gas flows to China by the end of 2019."),
        ("Alexei Miller", "Alexei Miller"),
        ("by 2018", "by 2018"),
        ("“First gas crosses” happens by 31 Dec 2018", "First gas crosses"),
        ("Pipelines & promises", "2 of 4 decided claims held up"),
    ):
        fresh.find_element("link text", link).click()
        assert fresh.find_element("css selector", "h1").text == heading
    assert complaints(fresh) == []


def test_all_is_there_without_javascript(fresh, site):
    fresh.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        fresh.get(f"{site.as_uri()}/index.html")

        assert len(rows(fresh)) == 8
        assert not fresh.find_element("id", "filters").is_displayed()
        assert not fresh.find_element("id", "more").is_displayed()
        assert not fresh.find_elements("css selector", "th button")
    finally:
        fresh.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not in .venv/axe (npm pack axe-core)")
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_no_violation(fresh, site, page):
    fresh.get(f"{site.as_uri()}/{page}")
    # Through the debugger, as the page's own policy lets no other script be.
    fresh.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
    for size, scheme in itertools.product((PHONE, LAPTOP), ("light", "dark")):
        as_if(fresh, size, scheme=scheme)
        found = fresh.execute_cdp_cmd(
            "Runtime.evaluate",
            {
                "expression": "axe.run().then((found) => JSON.stringify(found.violations.map("
                "(one) => [one.id, one.nodes.map((node) => node.html.slice(0, 120))])))",
                "awaitPromise": True,
            },
        )
        assert (size, scheme, json.loads(found["result"]["value"])) == (size, scheme, [])


SIZES = {"small": (320, 700), "phone": PHONE, "laptop": LAPTOP}


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_no_page_is_wider_than_the_screen(fresh, site, size):
    as_if(fresh, size)
    for page in PAGES:
        fresh.get(f"{site.as_uri()}/{page}")

        wide = fresh.execute_script("return document.documentElement.scrollWidth")
        assert (page, wide) <= (page, size[0])
        for scheme in ("light", "dark") if SCREENSHOTS else ():
            as_if(fresh, size, scheme=scheme)
            keep(fresh, f"{page.replace('/', '-').removesuffix('.html')}-{size[0]}-{scheme}.png")


def test_no_long_word_makes_a_page_wider_than_the_screen(fresh, tmp_path):
    write_site(long_words().audit(DAY), Options(), tmp_path)
    for page in sorted(tmp_path.rglob("*.html")):
        fresh.get(page.as_uri())
        for size in SIZES.values():
            as_if(fresh, size)

            wide = fresh.execute_script("return document.documentElement.scrollWidth")
            assert (page.name, wide) <= (page.name, size[0])


def keep(browser, name):
    shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
    Path(SCREENSHOTS).mkdir(parents=True, exist_ok=True)
    (Path(SCREENSHOTS) / name).write_bytes(base64.b64decode(shot["data"]))


def test_what_is_printed_has_the_claims_and_not_the_filters(fresh, site):
    fresh.get(f"{site.as_uri()}/index.html")
    as_if(fresh, LAPTOP, media="print")

    assert not fresh.find_element("id", "filters").is_displayed()
    assert len(rows(fresh)) == 8
    page = fresh.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69})
    assert base64.b64decode(page["data"]).startswith(b"%PDF")


def test_the_keyboard_reaches_the_content_first_and_every_filter(fresh, site):
    fresh.get(f"{site.as_uri()}/index.html")
    seen = []
    while "Status" not in seen and len(seen) < 80:
        fresh.switch_to.active_element.send_keys("\ue004")
        active = fresh.switch_to.active_element
        seen.append(active.get_attribute("id") or active.text)

    assert seen[0] == "Skip to the content"
    fields = ["q", "f-speaker", "f-topics", "f-kind", "f-status", "f-year", "Show all"]
    wanted = [*fields, "Claim", "Speaker", "Said", "Due", "Status"]
    start = seen.index("q")
    assert seen[start : start + len(wanted)] == wanted


TRICKS = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror="document.title=\'owned\'">',
    "javascript:document.title='owned'",
    "</script><script>document.title='owned'</script>",
    "</style><svg onload=\"document.title='owned'\">",
    "{{ 7*7 }}${7*7}<%= 7*7 %>",
)


def test_no_trick_runs_in_a_browser(fresh, tmp_path):
    write_site(hostile(*TRICKS).audit(DAY), Options(), tmp_path)
    for page in sorted(tmp_path.rglob("*.html")):
        requested(fresh)
        fresh.get(page.as_uri())

        assert fresh.title != "owned", page
        asked = set(requested(fresh)) - {page.as_uri()}
        assert all(one.startswith("data:") for one in asked), page
        assert complaints(fresh) == [], page


def test_of_many_claims_only_those_shown_are_touched(fresh, tmp_path):
    registry = one_of_everything()
    write_site(registry.audit(DAY), Options(), tmp_path)
    page = tmp_path / "index.html"
    text = page.read_text("utf-8")
    start, end = text.index("<tbody>", text.index('class="claims"')), text.rindex("</tbody>")
    body = text[start + len("<tbody>") : end]
    page.write_text(f"{text[:start]}<tbody>{body * 250}{text[end:]}", "utf-8")
    fresh.get(page.as_uri())
    assert fresh.find_element("id", "shown").text == "2,000 of 2,000 claims, the first 100 shown"

    searched, sorted_ = fresh.execute_script("""
        const search = document.getElementById("q");
        const changes = new MutationObserver(() => {});
        changes.observe(document.body, { childList: true, attributes: true, subtree: true });
        const touched = (act) => {
            act();
            const size = (one) => 1 + one.addedNodes.length + one.removedNodes.length;
            return changes.takeRecords().reduce((sum, one) => sum + size(one), 0);
        };
        const searched = ["g", "ga", "gas", "mistake", "no such", ""].map((words) => touched(() => {
            search.value = words;
            search.dispatchEvent(new Event("input", { bubbles: true }));
        }));
        const heads = [...document.querySelectorAll("th[data-sort] button")];
        const sorted = [...heads, ...heads].map((head) => touched(() => head.click()));
        return [Math.max(...searched), Math.max(...sorted)];
    """)
    moved = fresh.execute_async_script("""
        const done = arguments[0], records = [];
        const watching = new MutationObserver((some) => records.push(...some));
        watching.observe(document.querySelector("main"), { childList: true, subtree: true });
        const range = document.getElementById("as-of");
        range.value = Number(range.min) + 500;
        range.dispatchEvent(new Event("input", { bubbles: true }));
        requestAnimationFrame(() => requestAnimationFrame(() => done(records
            .reduce((sum, one) => sum + 1 + one.addedNodes.length + one.removedNodes.length, 0))));
    """)
    assert 0 < moved < 1000
    fresh.find_element("css selector", ".replay button").click()
    wait_for(lambda: not fresh.find_element("id", "shown").text.startswith("100 of 0"))

    # What is not shown is not touched: of 2,000 rows the 100 before and the 100 after.
    assert 0 < searched < 1000
    assert 0 < sorted_ < 1000
    fresh.find_element("css selector", "#more button").click()
    assert len(fresh.find_elements("css selector", ".claims tbody tr")) == 200
    fresh.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert len(fresh.find_elements("css selector", ".claims tbody tr")) == 2000
    fresh.execute_script("dispatchEvent(new Event('afterprint'))")
    assert len(fresh.find_elements("css selector", ".claims tbody tr")) == 200
