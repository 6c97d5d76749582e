// A list of rows of one height, of which only those in sight are in the page: 1,000 events are as quick as ten.
//
// The arrow keys move from row to row, from the start and wherever the focus is, and Tab visits one row only.

import { el } from "./dom.js";
import { isShortcut, isSingleKey } from "./keys.js";

/** How many rows are drawn above and below what is in sight. */
const SPARE = 10;
const STEPS = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };

function storage(action) {
  try {
    return action(sessionStorage);
  } catch {
    return null;
  }
}

/**
 * Shows rows in `body`, within the scrolling `pane`. `draw` makes the cells of an item, one of which holds the row's link with
 * the class `cover`; `kind` returns a row's class. Items have a `key`, and are other objects when they have changed.
 */
export function rows({ pane, table, body, draw, kind }) {
  const drawn = new Map();
  const remembered = `posthog-local.row:${location.pathname}`;
  let items = [];
  let places = new Map();
  let height = 0;
  // The row that Tab leads to. Coming back to the list, it is the one that was opened.
  let active = storage((store) => store.getItem(remembered));
  let returning = active !== null;

  function element(item) {
    const row = el("tr", { role: "row", "data-key": item.key, class: kind?.(item) ?? "" }, draw(item));
    return { row, item };
  }

  /** Replaces only the cells that changed, because one of them may have the focus. */
  function redraw(known, item) {
    known.item = item;
    known.row.className = kind?.(item) ?? "";
    draw(item).forEach((cell, at) => {
      if (!cell.isEqualNode(known.row.children[at])) known.row.children[at].replaceWith(cell);
    });
  }

  function measure() {
    const probe = body.appendChild(el("tr", { role: "row" }, el("td", { role: "cell" })));
    height = probe.getBoundingClientRect().height || 36;
    probe.remove();
  }

  function render() {
    const first = Math.max(0, Math.floor(pane.scrollTop / height) - SPARE);
    const last = Math.min(items.length, Math.ceil((pane.scrollTop + pane.clientHeight) / height) + SPARE);
    const wanted = new Set();
    for (let at = first; at < last; at += 1) wanted.add(at);
    const focused = body.contains(document.activeElement) ? places.get(active) : undefined;
    if (focused !== undefined) wanted.add(focused);
    const tabbed = places.has(active) ? active : items[0]?.key;
    const keys = new Set([...wanted].map((at) => items[at].key));
    for (const [key, { row }] of drawn) {
      if (!keys.has(key)) {
        row.remove();
        drawn.delete(key);
      }
    }
    let before = null;
    for (const at of [...wanted].sort((a, b) => a - b)) {
      const item = items[at];
      let known = drawn.get(item.key);
      if (!known) drawn.set(item.key, known = element(item));
      else if (known.item !== item) redraw(known, item);
      if (known.row.parentNode !== body || known.row.previousElementSibling !== before) {
        if (before) before.after(known.row);
        else body.prepend(known.row);
      }
      known.row.style.top = `${at * height}px`;
      known.row.setAttribute("aria-rowindex", at + 2);
      const link = known.row.querySelector(".cover");
      const stop = item.key === tabbed ? 0 : -1;
      if (link.tabIndex !== stop) link.tabIndex = stop;
      before = known.row;
    }
  }

  /** Scrolls until the row is in sight, below the head of the table. */
  function reveal(at) {
    const head = table.tHead?.offsetHeight ?? 0;
    const room = pane.clientHeight - head;
    if (at * height < pane.scrollTop) pane.scrollTop = at * height;
    else if ((at + 1) * height > pane.scrollTop + room) pane.scrollTop = (at + 1) * height - room;
  }

  function focus(at) {
    const to = Math.min(items.length - 1, Math.max(0, at));
    if (!items[to]) return;
    active = items[to].key;
    reveal(to);
    render();
    drawn.get(active).row.querySelector(".cover").focus({ preventScroll: true });
  }

  function keydown(press) {
    const fromSearch = press.key === "ArrowDown" && press.target.matches?.("[data-search]") && !press.isComposing;
    if (!fromSearch && !(press.key.length === 1 ? isSingleKey(press) : isShortcut(press))) return;
    if (pane.offsetParent === null || press.shiftKey) return;
    const inside = body.contains(document.activeElement);
    // The other parts of a page keep their keys.
    if (!inside && !fromSearch && document.activeElement?.closest("[role=tablist], pre, .mail")) return;
    const at = places.get(active) ?? 0;
    const page = Math.max(1, Math.floor(pane.clientHeight / height) - 2);
    const step = STEPS[press.key] ?? { PageDown: page, PageUp: -page }[press.key];
    const to = { Home: 0, End: items.length - 1 }[press.key] ?? (step === undefined ? undefined : inside ? at + step : at);
    if (to === undefined || items.length === 0) return;
    press.preventDefault();
    focus(to);
  }

  body.addEventListener("focusin", ({ target }) => {
    const { key } = target.closest("tr").dataset;
    if (key === active) return;
    active = key;
    render();
  });
  body.addEventListener("click", ({ target }) => {
    const row = target.closest("tr");
    if (row && target.closest(".cover")) storage((store) => store.setItem(remembered, row.dataset.key));
  });
  document.addEventListener("keydown", keydown);
  pane.addEventListener("scroll", () => requestAnimationFrame(render), { passive: true });
  new ResizeObserver(() => {
    measure();
    body.style.height = `${items.length * height}px`;
    render();
  }).observe(pane);

  return {
    /** Shows these items. What is in sight stays where it is when rows come or go above it. */
    show(next) {
      if (!height) measure();
      const top = Math.floor(pane.scrollTop / height);
      const anchor = pane.scrollTop > 0 ? items[top]?.key : undefined;
      items = next;
      places = new Map(items.map(({ key }, at) => [key, at]));
      body.style.height = `${items.length * height}px`;
      table.setAttribute("aria-rowcount", items.length + 1);
      if (places.has(anchor)) pane.scrollTop += (places.get(anchor) - top) * height;
      if (returning && items.length > 0) {
        returning = false;
        storage((store) => store.removeItem(remembered));
        if (places.has(active)) return focus(places.get(active));
      }
      render();
    },
    /** Moves the focus to the row with this key, or to the first one. */
    focus: (key) => focus(places.get(key ?? active) ?? 0),
  };
}
