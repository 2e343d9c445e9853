// Mounts the page under StrictMode. The hash names the open chat, the query the layout and options.

import { StrictMode, useEffect, useState } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { Page } from "./layouts.jsx";

const query = new URLSearchParams(location.search);
const openChat = () => decodeURIComponent(location.hash.slice(1));

/** What the page was told, for the tests to look at. */
const seen = { events: [], finished: [], errors: [], used: [] };
window.seen = seen;

function App() {
  const [chatId, setChatId] = useState(query.get("chat") ?? openChat());
  const [generation, setGeneration] = useState(1);
  useEffect(() => {
    const follow = () => setChatId(openChat());
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  window.renew = () => setGeneration((current) => current + 1);
  return (
    <Page
      layout={query.get("layout")}
      chatId={chatId}
      generation={generation}
      seen={seen}
      multiTab={query.has("tabs")}
    />
  );
}

const root = document.getElementById("root");
const app = (
  <StrictMode>
    <App />
  </StrictMode>
);
if (root.hasChildNodes()) hydrateRoot(root, app);
else createRoot(root).render(app);
