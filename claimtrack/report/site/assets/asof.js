"use strict";
// The day as a handle: a slider and a date field, which the address remembers.
const MS = 864e5;
const EPOCH = 719163; // the ordinal of 1 Jan 1970
const NS = "http://www.w3.org/2000/svg";

function asOf(form, months, onDay) {
  const range = form.querySelector("input[type=range]");
  const field = form.querySelector("input[type=date]");
  const first = Number(range.min), last = Number(range.max);
  const iso = (day) => new Date((day - EPOCH) * MS).toISOString().slice(0, 10);
  const ordinal = (text) => Date.parse(`${text}T00:00Z`) / MS + EPOCH;
  const words = (day) => {
    const date = new Date((day - EPOCH) * MS);
    return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  };
  let day = last;
  let waiting = 0;

  function show(to) {
    const next = Number.isFinite(to) ? Math.min(Math.max(Math.round(to), first), last) : last;
    range.value = next;
    range.setAttribute("aria-valuetext", words(next));
    if (document.activeElement !== field) field.value = iso(next);
    if (next === day) return false;
    day = next;
    if (!waiting) waiting = requestAnimationFrame(() => { waiting = 0; onDay(day, words(day), day < last); });
    return true;
  }

  const self = {
    iso,
    words,
    last,
    day: () => day,
    text: () => (day < last ? iso(day) : ""),
    recall(state) { return show(state.has("as-of") ? ordinal(state.get("as-of")) : last); },
    onMove() {},
  };
  field.min = iso(first);
  field.max = iso(last);
  field.value = iso(last);
  range.value = last;
  range.setAttribute("aria-valuetext", words(last));
  range.addEventListener("input", () => { if (show(Number(range.value))) self.onMove(); });
  field.addEventListener("change", () => {
    if (!field.value) return;
    const moved = show(ordinal(field.value));
    field.value = iso(day);
    if (moved) self.onMove();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    if (show(last)) self.onMove();
    field.value = iso(day);
  });
  form.hidden = false;
  return self;
}

// Browsers limit how often an address may change.
function later(act) {
  let timer = 0;
  return () => { clearTimeout(timer); timer = setTimeout(act, 250); };
}

function remembered(state) {
  history.replaceState(null, "", state.size ? `#${state}` : location.pathname + location.search);
}
