addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("filters");
  const body = document.querySelector(".claims tbody");
  if (!form || !body || !body.rows.length) return;
  const STEP = 100;
  const shown = document.getElementById("shown");
  const more = document.getElementById("more");
  const search = document.getElementById("q");
  const order = document.getElementById("sort");
  const selects = [...form.querySelectorAll("select[name]")];
  const heads = [...document.querySelectorAll("th[data-sort]")];
  const replay = document.getElementById("replay");
  const site = JSON.parse(document.getElementById("site-words").textContent);
  const statuses = site.statuses.map((one) => one.name);
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const rows = [...body.rows].map((row, place) => {
    const data = row.dataset;
    return {
      row,
      place,
      data: { ...data, topics: (data.topics || "").split("\t") },
      text: fold(`${row.textContent} ${data.quote || ""} ${data.topics || ""}`),
      said: Number(data.said),
      due: "due" in data ? Number(data.due) : null,
      status: statuses.indexOf(data.status),
      // Its status from each day on: the day, the status, and by how many days it came late.
      turns: (data.turns || "").split(" ").filter(Boolean).map((turn) => turn.split(".").map(Number)),
      now: null,
      drawn: null,
      isSaid: true,
    };
  });
  let found = rows;
  let said = rows.length;
  let room = STEP;

  // Names are put in the order of the reader's language once, when somebody asks for it.
  const names = {
    claim: (row) => row.querySelector("a").textContent,
    speaker: (row) => row.cells[1].textContent,
  };
  function rank(key) {
    if (!(key in names) || key in rows[0]) return;
    const { compare } = new Intl.Collator(undefined, { numeric: true });
    const listed = rows.map((one) => [names[key](one.row), one]).sort((a, b) => compare(a[0], b[0]));
    let place = 0;
    listed.forEach(([name, one], at) => {
      if (at && compare(listed[at - 1][0], name)) place = at;
      one[key] = place;
    });
  }

  // What has no due day stands at the end, whichever way round.
  const compare = (key, sign) => (a, b) =>
    (a[key] === null) - (b[key] === null) || sign * (a[key] - b[key]) || a.place - b.place;

  const number = (value) => value.toLocaleString("en");
  let past = "";

  function badge(status) {
    const [span, svg, use] = [document.createElement("span"), document.createElementNS(NS, "svg"), document.createElementNS(NS, "use")];
    span.className = `status s-${site.statuses[status].name}`;
    svg.setAttribute("class", "shape");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `#i-${site.statuses[status].name}`);
    svg.append(use);
    span.append(svg, site.statuses[status].words);
    return span;
  }

  function late(most, least) {
    const days = most === least ? number(most) : least === 1 ? `at most ${number(most)}` : `${number(least)} to ${number(most)}`;
    return `by ${days} ${most === 1 ? "day" : "days"}`;
  }

  /** Show the status of the day in a row; rows that are not shown are left as they are. */
  function dress(one) {
    if (one.drawn === one.now && one.past === past) return one.row;
    const cell = one.row.cells[one.row.cells.length - 1];
    if (one.drawn !== one.now) {
      const [, status, most, least] = one.now;
      cell.replaceChildren(badge(status));
      if (most) {
        const span = document.createElement("span");
        span.className = "meta late";
        span.textContent = late(most, least);
        cell.append(span);
      }
    }
    const link = one.row.querySelector("a");
    link.hash = past && `#as-of=${past}`;
    one.drawn = one.now;
    one.past = past;
    return one.row;
  }

  function draw() {
    body.replaceChildren(...found.slice(0, room).map(dress));
    const part = found.length > room ? `, the first ${number(room)} shown` : "";
    shown.textContent = found.length
      ? `${number(found.length)} of ${number(said)} claims${part}`
      : "No claim fits. Try fewer words, or show all.";
    more.hidden = found.length <= room;
  }

  function find() {
    const words = fold(search.value).split(/\s+/).filter(Boolean);
    const wanted = selects.filter((one) => one.value);
    found = rows.filter((one) =>
      one.isSaid && wanted.every((select) => {
        const value = one.data[select.name];
        return Array.isArray(value) ? value.includes(select.value) : value === select.value;
      }) && words.every((word) => one.text.includes(word)));
    const [key, way] = order.value.split("-");
    rank(key);
    found.sort(compare(key, way === "down" ? -1 : 1));
    for (const head of heads) {
      if (head.dataset.sort !== key) head.removeAttribute("aria-sort");
      else head.setAttribute("aria-sort", way === "down" ? "descending" : "ascending");
    }
    room = STEP;
    draw();
  }

  // The headline and the counts, as claimtrack.report.site.context.headline() says them.
  const listed = (parts) => parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}` : parts[0];
  function headline(counts) {
    const sum = (some) => some.reduce((total, one) => total + counts[statuses.indexOf(one)], 0);
    const phrases = (some) => listed(some.map((name) => [counts[statuses.indexOf(name)], name])
      .filter(([count]) => count)
      .map(([count, name]) => `${number(count)} ${site.phrases[name][count > 1 ? 1 : 0]}`));
    const forecasts = sum(["forecast"]), more = forecasts ? [`${phrases(["forecast"])}.`] : [];
    const all = sum(statuses) - forecasts, decided = sum(site.decided), left = all - decided;
    if (!all) return [forecasts ? phrases(["forecast"]) : "Nothing had been said by this day"];
    const sentences = [];
    if (!decided) sentences.push("No claim is decided yet");
    else if (decided === 1) {
      sentences.push(`The one decided claim ${site.phrases[site.decided.find((one) => sum([one]))][0]}`);
    } else {
      const held = sum(["held"]), failed = sum(["failed"]);
      sentences.push(`${held ? number(held) : "None"} of ${number(decided)} decided claims held up${failed ? `, ${number(failed)} failed` : ""}`);
      if (sum(site.between)) sentences.push(`${phrases(site.between)}.`);
    }
    if (left) {
      const open = statuses.filter((one) => one !== "forecast" && !site.decided.includes(one));
      sentences.push(`${number(left)} claim${left === 1 ? " of " : "s of "}${number(all)} ${left === 1 ? "is" : "are"} not decided: ${phrases(open)}.`);
    }
    return [...sentences, ...more];
  }

  function tell(words) {
    const counts = statuses.map(() => 0);
    for (const one of rows) if (one.isSaid) counts[one.status] += 1;
    const [title, ...sentences] = headline(counts);
    document.getElementById("day").textContent = words;
    document.getElementById("headline").textContent = title;
    document.getElementById("standfirst").replaceChildren(...sentences.map((text) => {
      const line = document.createElement("p");
      line.className = "standfirst";
      line.textContent = text;
      return line;
    }));
    const some = [...counts.keys()].filter((one) => counts[one]);
    const all = Math.max(said, 1);
    const bar = document.querySelector(".lead .bar");
    let x = 0;
    bar.setAttribute("viewBox", `0 0 ${all} 10`);
    bar.setAttribute("aria-label", some.map((one) => `${site.statuses[one].words} ${number(counts[one])}`).join(", ") || title);
    bar.replaceChildren(...some.map((one) => {
      const part = document.createElementNS(NS, "rect");
      const size = { x, y: 0, width: counts[one], height: 10, class: `tone s-${statuses[one]}` };
      for (const [key, value] of Object.entries(size)) part.setAttribute(key, value);
      x += counts[one];
      return part;
    }));
    document.querySelector(".lead .legend").replaceChildren(...some.map((one) => {
      const [item, count, link] = ["li", "strong", "a"].map((tag) => document.createElement(tag));
      count.textContent = number(counts[one]);
      link.className = "plain";
      link.href = `#status=${statuses[one]}${past && `&as-of=${past}`}`;
      link.append(badge(one));
      item.append(count, " ", link);
      return item;
    }));
    spoken = `${words}: ${title}`;
    speak();
  }
  let spoken = "";
  const speak = later(() => { document.getElementById("told").textContent = spoken; });

  function onDay(day, words, isPast) {
    past = isPast ? handle.text() : "";
    said = 0;
    for (const one of rows) {
      let now = null;
      for (const turn of one.turns) {
        if (turn[0] > day) break;
        now = turn;
      }
      // What a function decides is known for the day of the site only.
      if (!one.turns.length) one.isSaid = !isPast;
      else {
        one.now = now;
        one.isSaid = now !== null;
        if (now) {
          one.status = now[1];
          one.data.status = statuses[now[1]];
        }
      }
      if (one.isSaid) said += 1;
    }
    for (const one of document.querySelectorAll("[data-now]")) one.hidden = isPast;
    find();
    tell(words);
  }
  for (const one of rows) one.now = one.drawn = one.turns.at(-1) || null;
  const handle = replay && asOf(replay, site.months, onDay);

  function remember() {
    const state = new URLSearchParams();
    if (handle && handle.text()) state.set("as-of", handle.text());
    for (const one of selects) if (one.value) state.set(one.name, one.value);
    if (search.value) state.set("q", search.value);
    if (order.selectedIndex) state.set("sort", order.value);
    remembered(state);
  }

  function recall() {
    const state = new URLSearchParams(location.hash.slice(1));
    if (handle && (!location.hash || state.has("as-of"))) handle.recall(state);
    if (![...state.keys()].some((key) => key === "q" || key === "sort" || form.elements.namedItem(key))) return;
    const set = (field, value) => {
      field.value = value || "";
      if (field.selectedIndex === -1) field.selectedIndex = 0;
    };
    for (const one of selects) set(one, state.get(one.name));
    set(order, state.get("sort"));
    search.value = state.get("q") || "";
    find();
    form.scrollIntoView();
  }

  // A column's head is a button only where there is a script to answer it.
  for (const head of heads) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const key = head.dataset.sort;
      const first = key === "said" ? "down" : "up";
      const other = first === "up" ? "down" : "up";
      order.value = `${key}-${order.value === `${key}-${first}` ? other : first}`;
      find();
      remember();
    });
  }

  form.hidden = shown.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => { find(); remember(); });
  form.addEventListener("reset", () => setTimeout(() => { find(); remember(); }));
  more.firstElementChild.addEventListener("click", () => {
    const next = found[room];
    room += STEP;
    draw();
    next.row.querySelector("a").focus();
  });
  // On paper nobody can ask for more.
  let before = STEP;
  addEventListener("beforeprint", () => { before = room; room = Infinity; draw(); });
  addEventListener("afterprint", () => { room = before; draw(); });
  addEventListener("hashchange", recall);
  if (handle) handle.onMove = later(remember);
  draw();
  recall();
});
