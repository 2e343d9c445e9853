// Keeps a page rendering that came out of the back/forward cache without what React waits for.
//
// React's scheduler wakes itself by a message from port to port. WebKit may lose one that is on its way
// when the page goes into the cache, likely enough where an answer breaks off and that is shown; and the
// scheduler waits for it as long as the page lives. What React renders at once goes past the scheduler,
// and takes along what waits there (React 19). Renders; knows neither chats nor transports.

import { startTransition, useMemo, useState, useSyncExternalStore } from "react";
import { useLatest } from "./use-latest.js";

/** A scheduler that has rendered nothing by then is taken for lost; one that was merely busy is found again. */
const LOST_MS = 1_000;

/** How often a page without a scheduler is rendered. */
const INTERVAL_MS = 100;

/** Has a page that came out of the back/forward cache render, whether its scheduler works or not. */
export function useRestoredPage(): void {
  // By transitions, which nobody but the scheduler renders.
  const [restored, setRestored] = useState(0);
  const rendered = useLatest(restored);
  const { subscribe, get } = useMemo(() => unscheduled(rendered, setRestored), [rendered]);
  useSyncExternalStore(subscribe, get, get);
}

/** A store that changes while the scheduler does not render: what a store changes is rendered at once. */
function unscheduled(rendered: { readonly current: number }, render: (restored: number) => void) {
  let renders = 0;
  return {
    get: () => renders,
    subscribe(changed: () => void) {
      let wanted = rendered.current;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const renderUnscheduled = () => {
        if (rendered.current === wanted) return;
        renders += 1;
        changed();
        timer = setTimeout(renderUnscheduled, INTERVAL_MS);
      };
      const shown = ({ persisted }: PageTransitionEvent) => {
        if (!persisted) return;
        wanted += 1;
        startTransition(() => render(wanted));
        clearTimeout(timer);
        timer = setTimeout(renderUnscheduled, LOST_MS);
      };
      globalThis.addEventListener?.("pageshow", shown);
      return () => {
        clearTimeout(timer);
        globalThis.removeEventListener?.("pageshow", shown);
      };
    },
  };
}
