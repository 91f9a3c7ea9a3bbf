addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("replay");
  if (!form) return;
  const article = document.querySelector("article");
  const [verdict, replayed, told] = ["verdict", "replayed", "told"].map((id) => document.getElementById(id));
  const changes = [...document.querySelectorAll(".history tr[data-day]")];
  const reports = [...document.querySelectorAll("[data-known]")];
  const later_ = document.querySelectorAll("[data-now]");
  const svg = document.querySelector(".timeline svg");
  const line = document.createElementNS(NS, "line");
  const cover = document.createElementNS(NS, "rect");
  if (svg) {
    line.setAttribute("class", "asof");
    cover.setAttribute("class", "ahead");
    // The day on which it is due was known all along.
    svg.append(cover, ...svg.querySelectorAll(".due, .due + text"), line);
  }

  function picture(day, isPast) {
    if (!svg) return;
    for (const one of [line, cover]) one.toggleAttribute("hidden", !isPast);
    const { first, last, left, right } = Object.fromEntries(
      Object.entries(svg.dataset).map(([key, value]) => [key, Number(value)]));
    const at = left + (right - left) * (Math.min(Math.max(day, first), last) - first) / Math.max(last - first, 1);
    const height = svg.viewBox.baseVal.height;
    for (const [key, value] of [["x1", at], ["x2", at], ["y1", 16], ["y2", height - 26]]) line.setAttribute(key, value);
    for (const [key, value] of [["x", at], ["y", 0], ["width", Math.max(right + 14 - at, 0)], ["height", height - 26]]) {
      cover.setAttribute(key, value);
    }
  }

  function onDay(day, words, isPast) {
    article.classList.toggle("replaying", isPast);
    verdict.hidden = isPast;
    replayed.hidden = !isPast;
    for (const one of later_) one.hidden = isPast;
    for (const one of reports) one.hidden = isPast && Number(one.dataset.known) > day;
    let now = changes[0];
    for (const row of changes) {
      const isKnown = Number(row.dataset.day) <= day;
      row.hidden = isPast && !isKnown;
      // A row with another status; others are about further readings.
      if (isKnown && row.cells[1].textContent !== now.cells[1].textContent) now = row;
    }
    const [from, status, because] = now.cells;
    const badge = status.querySelector(".status");
    replayed.className = `verdict ${badge.classList[1]}`;
    const big = document.createElement("span");
    big.className = "big";
    big.append(badge.cloneNode(true));
    const name = big.firstChild.lastChild;
    name.data = name.data.charAt(0).toUpperCase() + name.data.slice(1);
    const text = document.createElement("span");
    text.className = "because";
    const late = status.querySelector(".meta");
    text.append(`${replayed.dataset.words.replace("{day}", words).replace("{from}", from.textContent)} `);
    if (late) text.append(`${late.textContent}; `);
    text.append(...[...because.cloneNode(true).childNodes]);
    replayed.replaceChildren(big, text);
    picture(day, isPast);
    say(words, badge.textContent);
  }

  let spoken = "";
  const speak = later(() => { told.textContent = spoken; });
  function say(words, status) {
    spoken = `${words}: ${status}`;
    speak();
  }

  const handle = asOf(form, form.dataset.months.split(" "), onDay);
  picture(handle.last, false);
  const remember = later(() => {
    const state = new URLSearchParams();
    if (handle.text()) state.set("as-of", handle.text());
    remembered(state);
  });
  handle.onMove = remember;
  const recall = () => {
    const state = new URLSearchParams(location.hash.slice(1));
    // An address of a section, such as #evidence, says nothing of the day.
    if (!location.hash || state.has("as-of")) handle.recall(state);
  };
  addEventListener("hashchange", recall);
  recall();
});
