// The mailbox: one line for each e-mail, newest first, and the one that is open beside them.

import { chip } from "./chips.js";
import { byId, el, getJson, notice, time } from "./dom.js";
import { showMail } from "./mail.js";
import { rows } from "./rows.js";
import { start } from "./shell.js";
import { markRead, markUnread, unreadFilter } from "./unread.js";

const EMAILS_MAX = 200;

/** The rows by the e-mails' ids, oldest first: `{ key, email, isUnread }`. */
const emails = new Map();
let open = new URLSearchParams(location.search).get("mail");

function draw({ key, email, isUnread }) {
  const cell = (name, ...content) => el("td", { role: "cell", class: name }, ...content);
  const preview = email.preheader || email.text.trim().replace(/\s+/g, " ").slice(0, 120);
  return [
    cell("to", el("span", { class: "dot", "aria-hidden": "true" }), email.to ?? "no address"),
    cell("subject",
      el("a", { href: `/mailbox?mail=${encodeURIComponent(key)}`, class: "cover", "aria-current": key === open && "true" },
        isUnread && el("span", { class: "unseen" }, "Unread: "), email.subject || "No e-mail was made"),
      email.state === "not_sent" && chip("bad", "✕", "not sent"),
      email.state === "sending" && chip("info", "→", "sending"),
      preview && el("span", { class: "property" }, preview)),
    cell("when", time(email.created_at))];
}

const list = rows({
  pane: byId("pane"), table: byId("table"), body: byId("emails"), draw,
  kind: ({ key, isUnread }) => [isUnread && "unread", key === open && "open"].filter(Boolean).join(" "),
});

const search = byId("filter-search");
const unreadOnly = byId("filter-unread");

function matches({ key, email, isUnread }) {
  const text = search.value.trim().toLowerCase();
  // The open one stays, though reading it makes it read.
  if (unreadOnly.checked && !isUnread && key !== open) return false;
  const fields = [email.to, email.from, email.subject, email.text, email.workflow, email.reason, ...(email.cc ?? []), ...(email.bcc ?? []), ...(email.replyTo ?? [])];
  return !text || fields.some((field) => field?.toLowerCase().includes(text));
}

function show() {
  const isUnread = unreadFilter();
  for (const [key, row] of emails) {
    if (row.isUnread !== isUnread(key) || row.isOpen !== (key === open)) emails.set(key, { ...row, isUnread: isUnread(key), isOpen: key === open });
  }
  const all = [...emails.values()];
  const shown = all.filter(matches).reverse();
  const unread = all.filter((row) => row.isUnread).length;
  const isFiltered = search.value.trim() !== "" || unreadOnly.checked;
  byId("email-count").textContent = isFiltered ? `${shown.length} of ${all.length}` : all.length ? String(all.length) : "";
  byId("read-all").disabled = unread === 0;
  byId("filter").hidden = all.length === 0;
  byId("no-emails").hidden = all.length > 0;
  byId("no-match").hidden = all.length === 0 || shown.length > 0;
  byId("split").hidden = shown.length === 0;
  byId("split").classList.toggle("reading", emails.has(open));
  byId("none-open").hidden = emails.has(open);
  byId("mail").hidden = !emails.has(open);
  list.show(shown);
}

/** Shows an e-mail beside the list, or instead of it where there is no room; null closes it. */
function choose(key, { focus = false } = {}) {
  const before = open;
  open = key;
  history.replaceState(null, "", key ? `/mailbox?mail=${encodeURIComponent(key)}` : "/mailbox");
  const row = emails.get(key);
  if (row) {
    markRead([key]);
    showMail(byId("mail"), row.email, { close, unread: () => leave(() => markUnread(key)) });
  }
  show();
  if (row && focus) byId("mail").querySelector("h2").focus();
  if (!row) list.focus(before);
}

function leave(action) {
  choose(null);
  action();
}

const close = () => choose(null);

byId("emails").addEventListener("click", (click) => {
  const link = click.target.closest(".cover");
  if (!link || click.ctrlKey || click.metaKey || click.shiftKey) return;
  click.preventDefault();
  // By keyboard the reader goes on to the e-mail; a mouse is where it is.
  choose(link.closest("tr").dataset.key, { focus: click.detail === 0 || byId("pane").offsetParent === null });
});

const row = (email) => ({ key: email.id, email });

async function reload() {
  try {
    const mailbox = await getJson("/_local/emails");
    emails.clear();
    for (const email of mailbox.emails.reverse()) emails.set(email.id, row(email));
    notice(null);
    if (emails.has(open)) choose(open);
    else show();
  } catch (error) {
    notice(`The e-mails could not be read: ${error.message}.`);
  }
}

function arrived(email) {
  emails.set(email.id, row(email));
  if (emails.size > EMAILS_MAX) emails.delete(emails.keys().next().value);
  if (email.id === open) choose(open);
  else show();
}

for (const input of [search, unreadOnly]) input.addEventListener("input", show);
byId("filter").addEventListener("submit", (submit) => {
  submit.preventDefault();
  list.focus();
});
byId("filter-clear").addEventListener("click", () => {
  search.value = "";
  unreadOnly.checked = false;
  show();
  search.focus();
});
byId("read-all").addEventListener("click", () => {
  markRead(emails.keys());
  search.focus();
});
addEventListener("read", show);
addEventListener("storage", show);
start("Mailbox", { reload, email: arrived, escape: () => (open ? close() : location.assign("/")) });
