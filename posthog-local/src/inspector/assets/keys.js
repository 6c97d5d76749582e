// The keys that work on every page: `/`, `?` and Escape. The rows have their own in rows.js.

import { byId } from "./dom.js";

const OFF = "posthog-local.keys-off";

function isOff() {
  try {
    return localStorage.getItem(OFF) === "yes";
  } catch {
    return false;
  }
}

const FIELDS = "input:not([type=checkbox], [type=radio]), textarea, select";

/** Whether a key that is pressed now is a shortcut. Keys with Ctrl, Alt or Meta belong to the browser. */
export function isShortcut(press) {
  return !press.defaultPrevented && !press.ctrlKey && !press.altKey && !press.metaKey
    && !document.querySelector("dialog[open]") && !press.target.closest?.(FIELDS);
}

/** The same for a key that is a letter or a sign. People who speak to their computer can turn these off (WCAG 2.1.4). */
export const isSingleKey = (press) => isShortcut(press) && !isOff();

function escape(back) {
  const field = document.activeElement;
  if (field?.matches("[data-search]")) {
    if (field.value) {
      field.value = "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    } else {
      field.blur();
    }
    return;
  }
  back?.();
}

/** Connects the keys. `back` is what Escape does where nothing is open. */
export function startKeys(back) {
  const dialog = byId("keys-dialog");
  const toggle = byId("keys-on");
  byId("show-keys").addEventListener("click", () => {
    toggle.checked = !isOff();
    dialog.showModal();
  });
  byId("keys-close").addEventListener("click", () => dialog.close());
  toggle.addEventListener("change", () => {
    try {
      localStorage.setItem(OFF, toggle.checked ? "no" : "yes");
    } catch { /* The browser stores nothing, so it lasts until the page is left. */ }
  });
  document.addEventListener("keydown", (press) => {
    // The browser closes a dialog by itself.
    if (press.key === "Escape" && !press.defaultPrevented && !document.querySelector("dialog[open]")) {
      press.preventDefault();
      escape(back);
    } else if (press.key === "/" && isSingleKey(press)) {
      const search = document.querySelector("[data-search]");
      press.preventDefault();
      // On a phone an open e-mail stands in its place.
      if (search && search.offsetParent === null) back?.();
      // A page without a search leads to the one with all events.
      if (search) search.focus();
      else location.href = "/?focus=search";
    } else if (press.key === "?" && isSingleKey(press)) {
      press.preventDefault();
      byId("show-keys").click();
    }
  });
}
