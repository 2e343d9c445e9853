// Where an application may hold its transport: with the chat, or above all its chats.

import * as React from "react";
import { useLoadTranscript, useTriggerChatTransport } from "trigger-chat-transport/react";
import { accessToken, loadTranscript, startSession, storedSessions, storeSession } from "./backend.js";
import { Conversation } from "./conversation.jsx";

/** Options whose callbacks are new in every render, and say of which generation they are. */
function optionsOf({ generation, seen, ...options }) {
  const used = (callback, answer) => {
    seen.used.push(`${callback} ${generation}`);
    return answer;
  };
  return {
    task: "demo-agent",
    baseURL: typeof location === "undefined" ? "" : location.origin,
    sessions: storedSessions(),
    clientData: { generation },
    accessToken: (request) => used("accessToken", accessToken(request)),
    startSession: (request) => used("startSession", startSession(request)),
    fetch: (url, init, { endpoint }) => used(`fetch ${endpoint}`, fetch(url, init)),
    onEvent: (event) => seen.events.push(used(`onEvent ${event.type}`, event)),
    onSessionChange: (chatId, session) => used("onSessionChange", storeSession(chatId, session)),
    ...options,
  };
}

/** Transport and chats are one component, whose chat changes. */
function Together({ chatId, ...rest }) {
  const transport = useTriggerChatTransport(optionsOf({ chatId, ...rest }));
  const { messages, isLoading } = useLoadTranscript(chatId, loadTranscript, { transport });
  if (isLoading) return <main data-chat={chatId} />;
  return <Conversation transport={transport} chatId={chatId} initial={messages} seen={rest.seen} />;
}

/** The transport is held above the chats, of which one is mounted, or none. */
function Above({ chatId, ...rest }) {
  const transport = useTriggerChatTransport(optionsOf({ chatId, ...rest }));
  return chatId && <Loaded key={chatId} chatId={chatId} transport={transport} seen={rest.seen} />;
}

function Loaded({ chatId, transport, seen }) {
  const { messages, isLoading } = useLoadTranscript(chatId, loadTranscript, { transport });
  if (isLoading) return <main data-chat={chatId} />;
  return <Conversation transport={transport} chatId={chatId} initial={messages} seen={seen} />;
}

/** The chat is hidden, not unmounted, while none is wanted. */
function Hidden({ chatId, ...rest }) {
  const last = React.useRef(chatId);
  if (chatId) last.current = chatId;
  return (
    <React.Activity mode={chatId ? "visible" : "hidden"}>
      <Together chatId={last.current} {...rest} />
    </React.Activity>
  );
}

/** Two transports, of which the generation chooses one. */
function Swapped({ chatId, generation, ...rest }) {
  const one = useTriggerChatTransport(optionsOf({ chatId, generation: "one", ...rest }));
  const two = useTriggerChatTransport(optionsOf({ chatId, generation: "two", ...rest }));
  const transport = generation === 1 ? one : two;
  return <Loaded chatId={chatId} transport={transport} seen={rest.seen} />;
}

/** At once, without a transcript: what a server renders. */
function Rendered({ chatId, ...rest }) {
  const transport = useTriggerChatTransport(optionsOf({ chatId, ...rest }));
  useLoadTranscript(undefined, loadTranscript, { transport });
  return <Conversation transport={transport} chatId={chatId} initial={[]} seen={rest.seen} />;
}

/** `chatId` is empty while no chat is open. */
export function Page({ layout, chatId, ...rest }) {
  if (layout === "above") return <Above chatId={chatId || undefined} {...rest} />;
  if (layout === "hidden") return <Hidden chatId={chatId} {...rest} />;
  if (layout === "swapped") return <Swapped chatId={chatId} {...rest} />;
  if (layout === "rendered") return <Rendered chatId={chatId} {...rest} />;
  return chatId && <Together chatId={chatId} {...rest} />;
}
