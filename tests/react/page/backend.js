// The application's own server, as the page uses it: sessions, tokens, stored conversations.

const post = async (path, body) => {
  const headers = { "Content-Type": "application/json" };
  return (await fetch(path, { method: "POST", headers, body: JSON.stringify(body) })).json();
};

/** A test may start sessions itself, for a worker of its own. */
export const startSession = ({ chatId, clientData }) =>
  window.startSession?.({ clientData }) ?? post("/demo/start-session", { chatId, clientData });

export const accessToken = async ({ chatId }) =>
  (await post("/demo/access-token", { chatId })).token;

const get = async (path) => (await fetch(path)).json();

/** As an action of `chat.createLoadTranscriptAction` answers. */
export async function loadTranscript({ chatId }) {
  const chats = await get("/demo/chats");
  if (!chats.some(({ id }) => id === chatId)) return { messages: [] };
  const { messages, lastEventId } = await get(`/demo/chats/${encodeURIComponent(chatId)}`);
  return { messages, cursors: { lastOutEventId: lastEventId ?? undefined } };
}

const STORED = "sessions";

export function storedSessions() {
  if (typeof localStorage === "undefined") return {};
  return JSON.parse(localStorage.getItem(STORED) ?? "{}");
}

export function storeSession(chatId, session) {
  localStorage.setItem(STORED, JSON.stringify({ ...storedSessions(), [chatId]: session }));
}
