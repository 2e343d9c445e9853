// Sessions survive a reload: kept in the browser's storage.

import type {
  ChatSessionPersistedState,
  TriggerChatTransport,
  TriggerChatTransportOptions,
} from "@trigger.dev/sdk/chat";

type Stored = { [chatId: string]: ChatSessionPersistedState };
type OnSessionChange = NonNullable<TriggerChatTransportOptions["onSessionChange"]>;

class SessionStore {
  readonly #key = "chat-sessions";

  load(): Record<string, ChatSessionPersistedState> {
    const stored: Stored = JSON.parse(localStorage.getItem(this.#key) ?? "{}");
    return Object.fromEntries(Object.entries(stored).filter(([, session]) => !session.closed));
  }

  save: OnSessionChange = (chatId, session) => {
    const { [chatId]: before, ...others } = this.load();
    const next: Stored = session ? { ...others, [chatId]: { ...before, ...session } } : others;
    localStorage.setItem(this.#key, JSON.stringify(next));
  };
}

export const sessionStore = new SessionStore();

/** A row of the database; every optional field may be missing in it. */
export function rowOf(chatId: string, session: ChatSessionPersistedState) {
  return {
    chatId,
    token: session.publicAccessToken,
    cursor: session.lastEventId ?? null,
    inputSeq: session.activeInputSeq ?? null,
    streaming: session.isStreaming === true,
    closedReason: session.closed ? (session.closedReason ?? "closed") : null,
  } satisfies Record<string, string | number | boolean | null>;
}

export function sessionOf(row: ReturnType<typeof rowOf>): ChatSessionPersistedState {
  return {
    publicAccessToken: row.token,
    isStreaming: row.streaming,
    ...(row.cursor !== null && { lastEventId: row.cursor }),
    ...(row.inputSeq !== null ? { activeInputSeq: row.inputSeq } : {}),
  };
}

/** Chats that may still be written to. */
export function openChats(transport: TriggerChatTransport, chatIds: readonly string[]): string[] {
  return chatIds.filter(
    (chatId) => transport.sessionStatus(chatId) === "open" && transport.getSession(chatId),
  );
}
