"""The day as a handle: the site of the example on other days, against the audit of these days."""

from pathlib import Path

import pytest

from claimtrack import Status, load
from claimtrack.cli.site import write_site
from claimtrack.report.site.context import Options, headline, slug
from claimtrack.report.words import day_words, late_words
from tests.site.registries import DAY, one_of_everything
from tests.site.test_browser import choose, complaints, fresh, wait_for

__all__ = ["fresh"]

EXAMPLE = Path(__file__).parents[2] / "examples" / "china_russia_2017"
DAYS = ("2014-07-01", "2017-07-06", "2019-12-01")


@pytest.fixture(scope="module")
def registry():
    return load(EXAMPLE)


@pytest.fixture(scope="module")
def front(registry, tmp_path_factory):
    folder = tmp_path_factory.mktemp("example")
    write_site(registry.audit("2026-12-01"), Options(), folder)
    return (folder / "index.html").as_uri()


def table(browser):
    """Show all rows, and return the due day and the status of each, by the name of its page."""
    return browser.execute_script("""
        const more = document.querySelector("#more");
        while (!more.hidden) more.firstElementChild.click();
        return Object.fromEntries([...document.querySelectorAll(".claims tbody tr")].map((row) => [
            row.querySelector("a").pathname.split("/").pop(),
            [row.cells[3].textContent, row.querySelector(".status").textContent,
             (row.querySelector(".late") || { textContent: "" }).textContent]]));
    """)


def spaced(status):
    return status.value.replace("-", " ")


@pytest.mark.parametrize("day", DAYS)
def test_the_table_and_the_headline_replay_the_audit_of_any_day(fresh, registry, front, day):
    audit = registry.audit(day)
    fresh.get("about:blank")

    fresh.get(f"{front}#as-of={day}")

    assert wait_for(lambda: fresh.find_element("id", "day").text == day_words(audit.day))
    assert table(fresh) == {
        f"{slug(one.claim)}.html": [day_words(one.due), spaced(one.status), late_words(one)]
        for one in audit
    }
    lines = fresh.find_elements("css selector", "h1, .standfirst")
    assert [line.text for line in lines] == headline(audit.counts)
    legend = fresh.find_elements("css selector", ".legend li")
    assert [one.text for one in legend] == [
        f"{audit.counts[status]} {spaced(status)}" for status in Status if audit.counts[status]
    ]
    assert complaints(fresh) == []


def test_the_last_day_is_the_day_of_the_site(fresh, registry, front):
    fresh.get(f"{front}#as-of=2019-12-01")
    fresh.find_element("css selector", ".replay button").click()

    audit = registry.audit("2026-12-01")
    assert wait_for(lambda: fresh.find_element("id", "day").text == "1 Dec 2026")
    assert len(table(fresh)) == len(audit)
    assert fresh.find_element("css selector", "h1").text == headline(audit.counts)[0]
    assert wait_for(lambda: "#" not in fresh.current_url)


def test_a_slider_and_a_date_field_move_the_day_and_the_address_remembers_it(fresh, site):
    fresh.get(f"{site.as_uri()}/index.html")
    slider = fresh.find_element("id", "as-of")

    slider.send_keys("\ue012")  # the left arrow

    assert slider.get_attribute("aria-valuetext") == "31 May 2020"
    assert wait_for(lambda: fresh.current_url.endswith("#as-of=2020-05-31"))
    slider.send_keys("\ue011")  # home
    assert wait_for(lambda: fresh.find_element("id", "day").text == "4 Jul 2017")
    choose(fresh, "as-of-day", "2019-01-01")
    assert wait_for(lambda: fresh.find_element("id", "day").text == "1 Jan 2019")
    choose(fresh, "f-status", "not-enough-evidence")
    (link,) = fresh.find_elements("link text", "by 2018")
    assert link.get_attribute("href").endswith("claims/by-2018.html#as-of=2019-01-01")
    told = fresh.find_element("id", "told")
    assert wait_for(lambda: "1 Jan 2019" in told.get_attribute("textContent"))


@pytest.mark.parametrize("state", ["as-of=soon", "as-of=2999-01-01", "as-of=", "q=%"])
def test_an_address_with_no_day_of_the_site_shows_its_last_day(fresh, site, state):
    fresh.get("about:blank")
    fresh.get(f"{site.as_uri()}/index.html#{state}")

    assert fresh.find_element("id", "day").text == "1 Jun 2020"
    assert complaints(fresh) == []


def test_the_page_of_a_claim_shows_what_was_known_of_it(fresh, site):
    page = f"{site.as_uri()}/claims/by-2018.html"
    fresh.get("about:blank")

    fresh.get(f"{page}#as-of=2019-01-01")

    replayed = fresh.find_element("id", "replayed")
    assert wait_for(replayed.is_displayed)
    assert replayed.text.startswith("Not enough evidence")
    assert "As of 1 Jan 2019, and since 1 Jan 2019: " in replayed.text
    assert not fresh.find_element("id", "verdict").is_displayed()
    days = [one.text for one in fresh.find_elements("css selector", ".history .day")]
    assert [day for day in days if day] == ["From", "4 Jul 2017", "1 Jan 2019"]
    shown = [one.is_displayed() for one in fresh.find_elements("css selector", "[data-known]")]
    assert shown.count(False) == 2
    fresh.find_element("css selector", ".replay button").click()
    assert wait_for(fresh.find_element("id", "verdict").is_displayed)
    assert complaints(fresh) == []


def test_what_a_function_decides_is_shown_for_the_day_of_the_site_only(fresh, tmp_path):
    registry = one_of_everything().with_check("judged", lambda *_: True)
    write_site(registry.audit(DAY), Options(), tmp_path)
    fresh.get("about:blank")
    fresh.get((tmp_path / "index.html").as_uri())
    assert "judged.html" in table(fresh)

    fresh.get(f"{(tmp_path / 'index.html').as_uri()}#as-of=2019-01-01")

    assert wait_for(lambda: "judged.html" not in table(fresh))
