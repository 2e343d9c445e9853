// The channel to the other tabs of the same chats, and the locks. Posts, listens, holds; who may send
// is decided by the machine.

import { observed } from "./host.js";
import type { MessagesListener, ReadOnlyListener } from "./types/tabs.js";
import type { Core } from "./wasm.js";

/** The name that the published package uses: tabs of either understand each other. */
const CHANNEL = "trigger-chat-tab-coord";

/** A message as it travels. */
type Message = {
  type?: unknown;
  chatId?: unknown;
  tabId?: unknown;
  locked?: unknown;
  messages?: unknown;
  session?: { lastEventId?: unknown } | undefined;
};

/** The tabs of one transport, as far as JavaScript has to know them. */
export class Tabs {
  readonly readOnlyListeners = new Set<ReadOnlyListener>();
  readonly messagesListeners = new Set<MessagesListener>();
  /** Chats whose turn another tab has, and whose this one has; changed only by the machine. */
  readonly readOnlyChats = new Set<string>();
  readonly claimedChats = new Set<string>();
  /** How to let a chat's lock go. */
  readonly #held = new Map<string, () => void>();
  /** Of each chat, when its last lock is gone. */
  readonly #gone = new Map<string, Promise<unknown>>();
  #channel: BroadcastChannel | undefined;
  #core: Core | undefined;
  #tabId = "";
  /** The messages of the message that is being read. */
  #messages: unknown;

  /** How tabs can be coordinated here: 0 not at all, 1 by messages, 2 by locks, too. */
  static get mode(): number {
    if (typeof globalThis.BroadcastChannel === "undefined") return 0;
    return globalThis.navigator?.locks ? 2 : 1;
  }

  open(core: Core): void {
    this.#core = core;
    globalThis.addEventListener?.("pagehide", this.#leave);
    globalThis.addEventListener?.("pageshow", this.#listen);
    globalThis.document?.addEventListener("freeze", this.#leave);
    this.#listen();
  }

  /** Lets everything go; the machine was disposed before. */
  close(): void {
    globalThis.removeEventListener?.("pagehide", this.#leave);
    globalThis.removeEventListener?.("pageshow", this.#listen);
    globalThis.document?.removeEventListener("freeze", this.#leave);
    this.#channel?.close();
    this.#channel = this.#core = undefined;
    this.readOnlyListeners.clear();
    this.messagesListeners.clear();
  }

  /** Shows a chat's messages to the other tabs. */
  show(chatId: string, messages: unknown[]): void {
    this.#send({ type: "messages", chatId, tabId: this.#tabId, messages });
  }

  /** What the machine asks of the world between tabs. */
  readonly host = {
    post: (type: string, chatId: string, tabId: string, locked: boolean, lastEventId?: string) => {
      this.#tabId = tabId;
      const session = lastEventId === undefined ? undefined : { lastEventId };
      this.#send({ type, chatId, tabId, locked, ...(session && { session }) });
    },
    lock: (chatId: string, request: number, steal: boolean) => {
      void this.#lock(chatId, request, steal);
    },
    unlock: (chatId: string) => this.#held.get(chatId)?.(),
    readOnly: (chatId: string, readOnly: boolean) => {
      mark(this.readOnlyChats, chatId, readOnly);
      for (const listener of this.readOnlyListeners) observed(() => listener(chatId, readOnly));
    },
    claimed: (chatId: string, claimed: boolean) => mark(this.claimedChats, chatId, claimed),
    show: (chatId: string) => {
      const messages = this.#messages;
      if (!Array.isArray(messages)) return;
      for (const listener of this.messagesListeners) observed(() => listener(chatId, messages));
    },
  };

  readonly #listen = () => {
    if (this.#channel) return;
    this.#channel = new BroadcastChannel(CHANNEL);
    this.#channel.onmessage = ({ data }) => this.#hear(data ?? {});
    this.#core?.tabsOpened();
  };

  /** A page that stands still has no turn; and one in the cache must not be spoken to. */
  readonly #leave = ({ type }: Event) => {
    this.#core?.leave();
    if (type === "freeze") return;
    this.#channel?.close();
    this.#channel = undefined;
  };

  #send(message: Message): void {
    try {
      this.#channel?.postMessage(message);
    } catch {
      // What cannot be cloned cannot be shown elsewhere.
    }
  }

  #hear({ type, chatId, tabId, locked, session, messages }: Message): void {
    const id = session?.lastEventId;
    if (typeof type !== "string" || typeof chatId !== "string" || typeof tabId !== "string") return;
    this.#messages = messages;
    this.#core?.tabSays(type, chatId, tabId, locked === true, typeof id === "string" ? id : undefined);
    this.#messages = undefined;
  }

  async #lock(chatId: string, request: number, steal: boolean): Promise<void> {
    // Letting go takes a moment: this tab's own last lock must not stand in its way.
    await this.#gone.get(chatId);
    let release: (() => void) | undefined;
    const held = (lock: Lock | null) => {
      if (!lock) return this.#core?.locked(request, false);
      return new Promise<void>((resolve) => {
        release = resolve;
        this.#held.set(chatId, resolve);
        this.#core?.locked(request, true);
        // Disposed in the meantime.
        if (!this.#core) resolve();
      });
    };
    const options: LockOptions = steal ? { steal } : { ifAvailable: true };
    const gone = navigator.locks.request(`${CHANNEL}:${chatId}`, options, held).catch(() => {
      // Stolen; or there are no locks here after all, and messages have to do.
      if (release) this.#core?.lockLost(chatId);
      else this.#core?.locked(request, true);
    });
    this.#gone.set(chatId, gone);
    await gone;
    if (release && this.#held.get(chatId) === release) this.#held.delete(chatId);
    if (this.#gone.get(chatId) === gone) this.#gone.delete(chatId);
  }
}

function mark(chats: Set<string>, chatId: string, marked: boolean): void {
  if (marked) chats.add(chatId);
  else chats.delete(chatId);
}
