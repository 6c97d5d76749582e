// The actions on an event: replay and copy. A replay is captured like any event, so it is only sent to the project's
// destinations.

import { byId, copy, say } from "./dom.js";

/** The event as a sender would send it. Without a uuid it is another event. */
function sendable(event, keepsUuid) {
  const { uuid, event: name, distinct_id, timestamp, properties, heavy } = event;
  // What posthog-local split off belongs to what the sender sent.
  const { token, ...rest } = { ...properties, ...heavy };
  const base = { api_key: typeof token === "string" ? token : "phc_local", event: name, distinct_id, timestamp, properties: rest };
  return keepsUuid ? { uuid, ...base } : base;
}

/** A time-ordered uuid (version 7), as PostHog's SDKs make them. */
function newUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes.buffer).setUint32(0, Math.floor(Date.now() / 0x10000));
  new DataView(bytes.buffer).setUint16(4, Date.now() % 0x10000);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

async function capture(path, body) {
  const answer = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
}

function report(text, uuid) {
  say(text);
  const link = byId("action-link");
  link.hidden = !uuid;
  if (uuid) link.href = `/events/${uuid}`;
}

/** Runs an action, and says how it ended. */
async function attempt(action) {
  try {
    await action();
  } catch (error) {
    report(`Nothing was sent: ${error.message}`);
  }
}

/** Quotes a text for a shell. */
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

function curl(event) {
  return `curl ${quoted(`${location.origin}/i/v0/e/`)} -H 'Content-Type: application/json' -d ${quoted(JSON.stringify(sendable(event, true)))}`;
}

/** Connects the buttons. `current` returns the event that is shown. */
export function start(current) {
  byId("replay").addEventListener("click", () => attempt(async () => {
    await capture("/i/v0/e/", sendable(current(), true));
    report("Sent again with the same uuid. A receiver that knows the uuid answers “duplicate”.");
  }));
  byId("replay-many-form").addEventListener("submit", (submit) => {
    submit.preventDefault();
    attempt(async () => {
      const times = Number(byId("replay-times").value);
      const { api_key, ...event } = sendable(current(), false);
      const batch = Array.from({ length: times }, () => ({ ...event, uuid: newUuid() }));
      await capture("/batch/", { api_key, batch });
      report(times === 1 ? "Sent once, with a uuid of its own." : `Sent ${times} times, each with a uuid of its own.`, batch.at(-1).uuid);
    });
  });
  byId("copy-curl").addEventListener("click", () => copy(curl(current()), "The curl command"));
  byId("copy-json").addEventListener("click", () => copy(JSON.stringify(sendable(current(), true), null, 2), "The event"));

  const dialog = byId("edit-dialog");
  const problem = byId("edit-problem");
  byId("edit").addEventListener("click", () => {
    problem.hidden = true;
    byId("edit-json").value = JSON.stringify({ uuid: newUuid(), ...sendable(current(), false) }, null, 2);
    dialog.showModal();
  });
  byId("edit-cancel").addEventListener("click", () => dialog.close());
  byId("edit-form").addEventListener("submit", async (submit) => {
    submit.preventDefault();
    try {
      const event = JSON.parse(byId("edit-json").value);
      await capture("/i/v0/e/", event);
      dialog.close();
      report("Sent.", event.uuid);
    } catch (error) {
      problem.textContent = `Nothing was sent: ${error.message}`;
      problem.hidden = false;
    }
  });
}
