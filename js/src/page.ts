// What the page and the device say about connections (D4). Listens; decides nothing.

/** What the machine takes. */
type Word = "reconnect" | "retry" | "check" | "online" | "offline";

/** Hidden for so long, a page's connections are taken for dead. */
const LONG_HIDDEN_MS = 30_000;

/**
 * Tells how the network stands now, and what the page and the device say of it until the function
 * that it gives is called. Where there is no document (Node, workers) there is nothing to listen to.
 */
export function listenToPage(tell: (word: Word) => void): () => void {
  const page = globalThis.document;
  if (!page?.addEventListener || !globalThis.addEventListener) return () => {};
  const hidden = () => page.visibilityState === "hidden";
  let hiddenSince = hidden() ? Date.now() : undefined;
  const shownOrHidden = () => {
    const hiddenMs = Date.now() - (hiddenSince ?? Infinity);
    hiddenSince = hidden() ? Date.now() : undefined;
    if (hiddenSince === undefined) tell(hiddenMs >= LONG_HIDDEN_MS ? "reconnect" : "retry");
  };
  const shown = (event: Event) =>
    tell((event as PageTransitionEvent).persisted ? "reconnect" : "check");
  const listeners: [EventTarget, string, (event: Event) => void][] = [
    [page, "visibilitychange", shownOrHidden],
    [page, "resume", () => tell("check")],
    [globalThis, "online", () => tell("reconnect")],
    [globalThis, "offline", () => tell("offline")],
    [globalThis, "pageshow", shown],
  ];
  for (const [target, type, listener] of listeners) target.addEventListener(type, listener);
  // Nobody listened in the meantime.
  tell(globalThis.navigator?.onLine === false ? "offline" : "online");
  return () => {
    // A page that tests make up may be gone before the transport.
    for (const [target, type, listener] of listeners) target.removeEventListener?.(type, listener);
  };
}
