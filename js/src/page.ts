// What the page and the device say about connections (D4). Listens; decides nothing.

import { WAKE } from "./words.js";

/** Hidden for so long, a page's connections are taken for dead. */
const LONG_HIDDEN_MS = 30_000;

/**
 * Tells how the network stands now, and what the page and the device say of it until the function
 * that it gives is called. Where there is no document (Node, workers) there is nothing to listen to.
 */
export function listenToPage(tell: (word: number) => void): () => void {
  const page = globalThis.document;
  if (!page?.addEventListener || !globalThis.addEventListener) return () => {};
  const hidden = () => page.visibilityState === "hidden";
  let hiddenSince = hidden() ? Date.now() : undefined;
  const shownOrHidden = () => {
    const hiddenMs = Date.now() - (hiddenSince ?? Infinity);
    hiddenSince = hidden() ? Date.now() : undefined;
    if (hiddenSince === undefined) tell(hiddenMs >= LONG_HIDDEN_MS ? WAKE.reconnect : WAKE.retry);
  };
  const shown = (event: Event) =>
    tell((event as PageTransitionEvent).persisted ? WAKE.reconnect : WAKE.check);
  const listeners: [EventTarget, string, (event: Event) => void][] = [
    [page, "visibilitychange", shownOrHidden],
    [page, "resume", () => tell(WAKE.check)],
    [globalThis, "online", () => tell(WAKE.reconnect)],
    [globalThis, "offline", () => tell(WAKE.offline)],
    [globalThis, "pageshow", shown],
  ];
  for (const [target, type, listener] of listeners) target.addEventListener(type, listener);
  // Nobody listened in the meantime.
  tell(globalThis.navigator?.onLine === false ? WAKE.offline : WAKE.online);
  return () => {
    // A page that tests make up may be gone before the transport.
    for (const [target, type, listener] of listeners) target.removeEventListener?.(type, listener);
  };
}
