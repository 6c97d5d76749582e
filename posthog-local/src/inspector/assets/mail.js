// One e-mail, as its recipient sees it: its HTML, its text and its headers.

import { emailChip } from "./chips.js";
import { code, el, time } from "./dom.js";

/** An e-mail's HTML in a sandboxed frame: no scripts, no origin, no forms, no links, no requests. */
function frame(email) {
  const src = `/_local/emails/${encodeURIComponent(email.id)}/html`;
  return el("iframe", { sandbox: "", src, title: `E-mail: ${email.subject}` });
}

function headers(email) {
  const list = (values) => (values?.length ? values.join(", ") : undefined);
  const facts = [
    ["From", email.from], ["To", email.to], ["Cc", list(email.cc)], ["Bcc", list(email.bcc)], ["Reply-To", list(email.replyTo)],
    ["Subject", email.subject], ["Preheader", email.preheader], ["Made", time(email.created_at)],
    ["Sent", email.sent_at && time(email.sent_at)]];
  return el("dl", {}, facts.filter(([, value]) => value).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

/** The parts of an e-mail that it has; the first is shown first. */
function parts(email) {
  return [
    email.html && ["HTML", () => frame(email)],
    email.text && ["Text", () => code("Plain text of the e-mail", email.text)],
    ["Headers", () => headers(email)]].filter(Boolean);
}

/** Tabs as WAI-ARIA describes them: the arrow keys choose, Tab goes on to the panel. */
function tabs(list) {
  const panel = el("div", { class: "panel", role: "tabpanel", id: "mail-panel", tabindex: "0" });
  const buttons = list.map(([name], at) => el("button", { type: "button", role: "tab", id: `mail-tab-${at}`, "aria-controls": "mail-panel" }, name));
  const choose = (at) => {
    buttons.forEach((button, n) => {
      button.setAttribute("aria-selected", n === at);
      button.tabIndex = n === at ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", buttons[at].id);
    panel.replaceChildren(list[at][1]());
  };
  buttons.forEach((button, at) => {
    button.addEventListener("click", () => choose(at));
    button.addEventListener("keydown", (press) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[press.key];
      if (!step) return;
      press.preventDefault();
      const to = (at + step + list.length) % list.length;
      choose(to);
      buttons[to].focus();
    });
  });
  choose(0);
  return [el("div", { role: "tablist", "aria-label": "Parts of the e-mail", class: "tabs" }, buttons), panel];
}

/** Shows an e-mail in `place`. The same one stays as it is, unless it has changed. */
export function showMail(place, email, actions) {
  const now = JSON.stringify(email);
  if (place.dataset.shown === now) return;
  place.dataset.shown = now;
  const back = el("button", { type: "button", class: "plain back" }, "← Mailbox");
  back.addEventListener("click", actions.close);
  const unread = el("button", { type: "button" }, "Mark as unread");
  unread.addEventListener("click", actions.unread);
  place.replaceChildren(
    el("div", { class: "mail-bar" }, back, unread, el("a", { class: "button", href: `/events/${email.event_uuid}` }, "Show event")),
    el("h2", { tabindex: "-1" }, email.subject || "No e-mail was made"),
    el("p", { class: "meta mail-facts" }, `${email.from} → ${email.to ?? "no address"}`, time(email.created_at), emailChip(email.state), el("span", {}, `by the workflow “${email.workflow}”`)),
    ...(email.reason ? [el("p", { class: "reason" }, `Not sent: ${email.reason}.`)] : []),
    ...tabs(parts(email)));
}
