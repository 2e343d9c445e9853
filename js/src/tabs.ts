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
  /** Of a release in the middle of a turn: "unfinished", or "left" if a reload may resume it. */
  turn?: unknown;
  messages?: unknown;
  session?: { lastEventId?: unknown } | undefined;
};

/** A tab's first word on the channel, between tabs alone. The published package passes it over. */
const HELLO = "hello";

/** A page that was being loaded while a turn began and ended here is told of it, for so long. */
const RECENT_MS = 30_000;

/** What messages say, by its number in the machine: their `type`, or a release's `turn`. */
const TYPES = ["claim", "release", "unfinished", "left", "heartbeat", "messages", "session", "join"];

/** What the machine asks for besides posting, by its number there. */
const LOCK = 8;
const STEAL = 9;
const UNLOCK = 10;
const READ_ONLY = 11;
const FREE = 12;
const MINE = 13;
const OVER = 14;
const SHOW = 15;

/** What the machine is told, by its number there. */
const OPENED = 0;
const LOCKED = 1;
const REFUSED = 2;
const STOLEN = 3;
const LEFT = 4;
const SHOWN = 5;

/** What this tab has shown the others last, in a turn of its own. */
type Shown = { chatId: string; messages: unknown[]; lastEventId?: string | undefined; releasedAt?: number };

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
  readonly #id = `${Date.now()}-${Math.random()}`;
  /** What the other tabs have shown last, by chat, for as long as nobody has listened. */
  #unheard: Map<string, unknown[]> | undefined = new Map();
  #shown: Shown | undefined;
  #channel: BroadcastChannel | undefined;
  #core: Core | undefined;
  #mode = 0;
  /** The messages of the message that is being read, and whether it says that a turn is finished. */
  #messages: unknown;
  #isFinished = false;

  /** How tabs can be coordinated here: 0 not at all, 1 by messages, 2 by locks, too. */
  static get mode(): number {
    if (typeof globalThis.BroadcastChannel === "undefined") return 0;
    return globalThis.navigator?.locks ? 2 : 1;
  }

  /** `mode`: as {@link Tabs.mode} says. */
  open(core: Core, mode: number): void {
    this.#core = core;
    this.#mode = mode;
    this.#listenTo((target, event, listener) => target.addEventListener?.(event, listener));
    this.#listen();
  }

  /** Lets everything go; the machine was disposed before. */
  close(): void {
    this.#listenTo((target, event, listener) => target.removeEventListener?.(event, listener));
    this.#channel?.close();
    this.#channel = this.#core = this.#shown = undefined;
    this.readOnlyListeners.clear();
    this.messagesListeners.clear();
  }

  /** Adds a listener. The first one is also told what was shown before: its page was still loading. */
  hearMessages(listener: MessagesListener): void {
    this.messagesListeners.add(listener);
    const unheard = this.#unheard;
    this.#unheard = undefined;
    unheard?.forEach((messages, chatId) => observed(() => listener(chatId, messages)));
  }

  /** Shows a chat's messages to the other tabs. */
  show(chatId: string, messages: unknown[]): void {
    this.#shown = { ...(this.#shown?.chatId === chatId && this.#shown), chatId, messages };
    this.#post({ type: "messages", chatId, messages });
    this.#core?.tabEvent(SHOWN, chatId);
  }

  /** What the machine asks of the world between tabs. */
  readonly host = {
    tab: (act: number, chatId: string, lastEventId?: string) => {
      if (act === LOCK || act === STEAL) void this.#lock(chatId, act === STEAL);
      else if (act === UNLOCK) this.#held.get(chatId)?.();
      else if (act === READ_ONLY || act === FREE) this.#setReadOnly(chatId, act === READ_ONLY);
      else if (act === MINE) this.#begin(chatId);
      else if (act === OVER) this.claimedChats.delete(chatId);
      else if (act === SHOW) this.#show(chatId);
      else this.#say(TYPES[act], chatId, lastEventId);
    },
  };

  #listenTo(change: (target: EventTarget, event: string, listener: (event: Event) => void) => void) {
    change(globalThis as unknown as EventTarget, "pagehide", this.#leave);
    change(globalThis as unknown as EventTarget, "pageshow", this.#listen);
    if (!globalThis.document) return;
    change(document, "freeze", this.#leave);
    change(document, "resume", this.#listen);
  }

  readonly #listen = (event?: Event) => {
    if (!this.#channel) {
      this.#channel = new BroadcastChannel(CHANNEL);
      this.#channel.onmessage = ({ data }) => this.#hear(data ?? {});
    } else if (event?.type !== "resume") {
      return;
    }
    this.#core?.tabEvent(OPENED, "");
    this.#post({ type: HELLO });
  };

  /** A page that stands still has no turn; and one in the cache must not be spoken to. */
  readonly #leave = ({ type }: Event) => {
    this.#core?.tabEvent(LEFT, "");
    if (type === "freeze") return;
    this.#channel?.close();
    this.#channel = undefined;
  };

  #post(message: Message): void {
    try {
      this.#channel?.postMessage({ ...message, tabId: this.#id, locked: this.#mode > 1 });
    } catch {
      // What cannot be cloned cannot be shown elsewhere.
    }
  }

  #say(type: string | undefined, chatId: string, lastEventId?: string): void {
    const shown = this.#shown?.chatId === chatId ? this.#shown : undefined;
    if (shown && type === "session") shown.lastEventId = lastEventId;
    if (shown && type === "release") shown.releasedAt = Date.now();
    if (isMidway(type)) this.#post({ type: "release", chatId, turn: type });
    else this.#post({ type, chatId, ...(lastEventId && { session: { lastEventId } }) });
  }

  /** To a tab that came late: what a turn of this one shows, or has shown while that page was loading. */
  #repeat(): void {
    if (!this.#shown) return;
    const { chatId, messages, lastEventId, releasedAt } = this.#shown;
    const isOver = releasedAt !== undefined;
    if (isOver && Date.now() - releasedAt > RECENT_MS) return;
    // What is not said in a turn is not believed.
    if (isOver) this.#say("claim", chatId);
    this.#post({ type: "messages", chatId, messages });
    if (lastEventId) this.#say("session", chatId, lastEventId);
    if (isOver) this.#post({ type: "release", chatId });
  }

  #hear({ type, chatId, tabId, locked, turn, session, messages }: Message): void {
    if (type === HELLO) return this.#repeat();
    const id = session?.lastEventId;
    if (typeof type !== "string" || typeof chatId !== "string" || typeof tabId !== "string") return;
    const word = TYPES.indexOf(type === "release" && isMidway(turn) ? turn : type);
    if (word < 0 || isMidway(type)) return;
    this.#messages = messages;
    this.#isFinished = TYPES[word] === "release";
    this.#core?.tabSays(word, chatId, tabId, locked === true, typeof id === "string" ? id : undefined);
    this.#messages = undefined;
    this.#isFinished = false;
  }

  /** A turn of this tab. Who listens to others also speaks, and all of an answer may come at once. */
  #begin(chatId: string): void {
    this.claimedChats.add(chatId);
    this.#shown = undefined;
    if (this.messagesListeners.size) this.#core?.tabEvent(SHOWN, chatId);
  }

  #show(chatId: string): void {
    const messages = this.#messages;
    if (!Array.isArray(messages)) return;
    this.#unheard?.set(chatId, messages);
    for (const listener of this.messagesListeners) observed(() => listener(chatId, messages));
  }

  #setReadOnly(chatId: string, readOnly: boolean): void {
    if (readOnly) this.readOnlyChats.add(chatId);
    else this.readOnlyChats.delete(chatId);
    if (this.#shown?.chatId === chatId) this.#shown = undefined;
    const isFinished = this.#isFinished;
    for (const listener of this.readOnlyListeners) {
      observed(() => listener(chatId, readOnly, isFinished));
    }
  }

  async #lock(chatId: string, steal: boolean): Promise<void> {
    // Letting go takes a moment: this tab's own last lock must not stand in its way.
    await this.#gone.get(chatId);
    let release: (() => void) | undefined;
    const held = (lock: Lock | null) => {
      if (!lock) return this.#core?.tabEvent(REFUSED, chatId);
      return new Promise<void>((resolve) => {
        release = resolve;
        this.#held.set(chatId, resolve);
        this.#core?.tabEvent(LOCKED, chatId);
        // Disposed in the meantime.
        if (!this.#core) resolve();
      });
    };
    const options: LockOptions = steal ? { steal } : { ifAvailable: true };
    const gone = navigator.locks.request(`${CHANNEL}:${chatId}`, options, held).catch(() => {
      // Stolen; or there are no locks here after all, and messages have to do.
      this.#core?.tabEvent(release ? STOLEN : LOCKED, chatId);
    });
    this.#gone.set(chatId, gone);
    await gone;
    if (release && this.#held.get(chatId) === release) this.#held.delete(chatId);
    if (this.#gone.get(chatId) === gone) this.#gone.delete(chatId);
  }
}

function isMidway(turn: unknown): turn is string {
  return turn === "unfinished" || turn === "left";
}
