"use strict";
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
  const statuses = [...document.querySelectorAll("#f-status option")].map((one) => one.value);
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
    };
  });
  let found = rows;
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

  function draw() {
    body.replaceChildren(...found.slice(0, room).map((one) => one.row));
    const part = found.length > room ? `, the first ${room} shown` : "";
    shown.textContent = found.length
      ? `${found.length} of ${rows.length} claims${part}`
      : "No claim fits. Try fewer words, or show all.";
    more.hidden = found.length <= room;
  }

  function find() {
    const words = fold(search.value).split(/\s+/).filter(Boolean);
    const wanted = selects.filter((one) => one.value);
    found = rows.filter((one) =>
      wanted.every((select) => {
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

  function remember() {
    const state = new URLSearchParams();
    for (const one of selects) if (one.value) state.set(one.name, one.value);
    if (search.value) state.set("q", search.value);
    if (order.selectedIndex) state.set("sort", order.value);
    history.replaceState(null, "", state.size ? `#${state}` : location.pathname + location.search);
  }

  function recall() {
    const state = new URLSearchParams(location.hash.slice(1));
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
  draw();
  recall();
});
