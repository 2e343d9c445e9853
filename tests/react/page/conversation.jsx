// A chat as an application writes it, with every hook.

import { useChat } from "@ai-sdk/react";
import { useEffect, useRef } from "react";
import {
  useChatActions,
  useChatConnection,
  useMultiTabChat,
  usePendingMessages,
  useSubAgentMessages,
} from "trigger-chat-transport/react";

/** A dot, as a file. */
const FILE = { type: "file", mediaType: "text/plain", url: "data:text/plain;base64,Lg==" };

export function Conversation({ transport, chatId, initial, seen }) {
  const subAgents = useSubAgentMessages();
  const chat = useChat({
    id: chatId,
    messages: initial,
    transport,
    resume: true,
    onData: subAgents.onData,
    onFinish: ({ message }) => seen.finished.push(message.id),
    onError: (error) => seen.errors.push(String(error)),
  });
  const { messages, setMessages, sendMessage, status } = chat;
  const pending = usePendingMessages({ transport, chatId, status, messages, setMessages, sendMessage });
  const { sendAction } = useChatActions({ sendMessage });
  const { isReadOnly } = useMultiTabChat(transport, chatId, messages, setMessages);
  const connection = useChatConnection(transport, chatId);
  const subAgent = subAgents.get("call");
  useEffect(() => {
    window.onData = subAgents.onData;
  });
  const input = useRef(null);
  const withInput = (use) => () => {
    use(input.current.value);
    input.current.value = "";
  };
  // As documented: the one tells `useChat`, the other the agent, also of a turn that was resumed.
  const stop = () => {
    chat.stop();
    transport.stopGeneration(chatId);
  };
  return (
    <main
      data-chat={chatId}
      data-status={status}
      data-connection={connection.state}
      data-read-only={isReadOnly}
    >
      {messages.map((message) => (
        <Message key={message.id} message={message} pending={pending} />
      ))}
      {pending.pending.map(({ id, text, mode, failed, parts }) => (
        <p key={id} data-pending={mode} data-failed={failed} data-parts={kindsOf(parts)}>
          {text}
          <button onClick={() => pending.promoteToSteering(id)}>Promote {text}</button>
          <button onClick={() => pending.discard(id)}>Discard {text}</button>
        </p>
      ))}
      {subAgent && <aside>{textOf(subAgent)}</aside>}
      <input ref={input} disabled={isReadOnly} />
      <button onClick={withInput((text) => sendMessage({ text }))}>Send</button>
      <button onClick={withInput(pending.steer)}>Steer</button>
      <button onClick={withInput(pending.queue)}>Queue</button>
      <button onClick={withInput((text) => pending.steer({ text, files: [FILE] }))}>Steer a file</button>
      <button onClick={withInput((text) => pending.queue({ text, files: [FILE] }))}>Queue a file</button>
      <button onClick={stop}>Stop</button>
      <button onClick={chat.stop}>Stop by useChat</button>
      <button onClick={() => sendAction({ type: "undo" })}>Undo</button>
      <button onClick={() => chat.regenerate()}>Regenerate</button>
    </main>
  );
}

function Message({ message, pending }) {
  const injected = message.parts.flatMap(pending.getInjectedMessages);
  return (
    <article data-role={message.role} data-id={message.id} data-parts={kindsOf(message.parts)}>
      {textOf(message)}
      {injected.map(({ id, text }) => (
        <mark key={id}>{text}</mark>
      ))}
    </article>
  );
}

const kindsOf = (parts) => parts.map(({ type }) => type).join();

function textOf({ parts }) {
  return parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}
