// What `debug()` gives, for a bug report.

import type { ChatConnection } from "./connection.js";
import type { ChatSessionPersistedState } from "./sessions.js";

/** A snapshot of a transport. It holds no token, and nothing of what the chats say. */
export type ChatTransportDebug = {
  /** Each known chat: its session without the token, and its connection. */
  chats: Record<
    string,
    { session: Omit<ChatSessionPersistedState, "publicAccessToken">; connection: ChatConnection }
  >;
  /** What the protocol machine was made with; absent until the module is loaded. */
  seed: string | undefined;
  watch: boolean | undefined;
  /** How many entries there were before those of `trace`. */
  dropped: number | undefined;
  /**
   * The last inputs and outputs of the machine: the time in Unix milliseconds, the chat or null, a
   * word (outputs begin with `>`), and its values. From the seed and the inputs a run is replayed.
   */
  trace: [time: number, chat: string | null, word: string, ...values: unknown[]][];
};
