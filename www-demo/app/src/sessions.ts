// What the transport wants kept across reloads, one localStorage key per chat. Storage can be
// full, forbidden or hand-edited: the page then works without, and the transport starts afresh.
import type { ChatSessionPersistedState } from "trigger-chat-transport";

const prefix = "chat-session:";

export function loadSessions(): Record<string, ChatSessionPersistedState> {
  const sessions: Record<string, ChatSessionPersistedState> = {};
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(prefix)) continue;
      const session = parseSession(localStorage.getItem(key));
      if (session) sessions[key.slice(prefix.length)] = session;
    }
  } catch {
    return {};
  }
  return sessions;
}

export function saveSession(chatId: string, session: ChatSessionPersistedState | null): void {
  try {
    if (session) localStorage.setItem(prefix + chatId, JSON.stringify(session));
    else localStorage.removeItem(prefix + chatId);
  } catch {
    // The chat goes on; only a reload will have to ask the server.
  }
}

function parseSession(json: string | null): ChatSessionPersistedState | undefined {
  try {
    const value: unknown = JSON.parse(json ?? "null");
    return isSession(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isSession(value: unknown): value is ChatSessionPersistedState {
  return (
    typeof value === "object" &&
    value !== null &&
    "publicAccessToken" in value &&
    typeof value.publicAccessToken === "string"
  );
}
