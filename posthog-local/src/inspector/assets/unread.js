// Which e-mails were read in this browser. posthog-local itself does not know.

const KEY = "posthog-local.read";
/** Where the browser stores nothing, it lasts as long as the page. */
let fallback = [];

function read() {
  try {
    return new Set(JSON.parse(localStorage.getItem(KEY) ?? "[]"));
  } catch {
    return new Set(fallback);
  }
}

function write(ids) {
  fallback = [...ids];
  try {
    localStorage.setItem(KEY, JSON.stringify(fallback));
  } catch { /* See `fallback`. */ }
  dispatchEvent(new Event("read"));
}

export const unreadFilter = () => {
  const known = read();
  return (id) => !known.has(id);
};

export const countUnread = (ids) => [...ids].filter(unreadFilter()).length;

/** Marks e-mails as read. */
export function markRead(ids) {
  const known = read();
  const before = known.size;
  for (const id of ids) known.add(id);
  if (known.size > before) write(known);
}

/** Marks an e-mail as unread. */
export function markUnread(id) {
  const known = read();
  if (known.delete(id)) write(known);
}

/** Forgets the ids of e-mails that the mailbox no longer has. */
export function keepUnread(ids) {
  const known = read();
  const kept = [...known].filter((id) => ids.has(id));
  if (kept.length < known.size) write(kept);
}
