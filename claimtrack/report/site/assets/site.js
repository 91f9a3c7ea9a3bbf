"use strict";
addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("filters");
  const body = document.querySelector(".claims tbody");
  if (!form || !body) return;
  const STEP = 200;
  const shown = document.getElementById("shown");
  const more = document.getElementById("more");
  const search = document.getElementById("q");
  const order = document.getElementById("sort");
  const selects = [...form.querySelectorAll("select[name]")];
  const statuses = [...document.querySelectorAll("#f-status option")].map((one) => one.value);
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const rows = [...body.rows].map((row, place) => ({
    row,
    place,
    data: { ...row.dataset, topics: row.dataset.topics.split("\t") },
    text: fold(`${row.textContent} ${row.dataset.quote || ""} ${row.dataset.topics}`),
    said: Number(row.dataset.said),
    due: "due" in row.dataset ? Number(row.dataset.due) : Infinity,
    status: statuses.indexOf(row.dataset.status),
    claim: fold(row.querySelector("a").textContent),
    speaker: fold(row.cells[1].textContent),
  }));
  let found = rows;
  let room = STEP;

  const compare = (key) => (a, b) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : a.place - b.place);

  function draw() {
    body.replaceChildren(...found.slice(0, room).map((one) => one.row));
    const part = found.length > room ? `, the first ${room} shown` : "";
    shown.textContent = `${found.length} of ${rows.length} claims${part}`;
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
    found.sort(compare(key));
    if (way === "down") found.reverse();
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
  addEventListener("hashchange", recall);
  draw();
  recall();
});
