// The same page, rendered on a server.

import { StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { Page } from "./layouts.jsx";

export function render(chatId) {
  const seen = { events: [], finished: [], errors: [], used: [] };
  const markup = renderToString(
    <StrictMode>
      <Page layout="rendered" chatId={chatId} generation={1} seen={seen} multiTab={false} />
    </StrictMode>,
  );
  return { markup, seen };
}
