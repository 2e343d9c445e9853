// A chat with useChat that is opened in the middle of an answer, in plain text or as Markdown.

import { useChat } from "@ai-sdk/react";
import { createTransport } from "contestant";
import { useEffect } from "react";
import { createRoot } from "react-dom/client";
import Markdown from "react-markdown";

import { turnOf } from "../server/turn.mjs";
import { textOf } from "../wire/turns.mjs";

const chatId = decodeURIComponent(location.hash.slice(1));
const { count, own } = turnOf(chatId);
const Text = own === "markdown" ? Markdown : "p";

const transport = createTransport({
  task: "agent",
  baseURL: location.origin,
  accessToken: () => "minted",
  sessions: { [chatId]: { publicAccessToken: "token", isStreaming: true } },
});

const question = { id: "question", role: "user", parts: [{ type: "text", text: "How?" }] };
const expected = textOf(count);

let settle;
/** When the answer was on the screen, from the navigation on. */
window.caughtUp = new Promise((resolve, reject) => {
  settle = { resolve, reject };
});

function Chat() {
  const { messages, error } = useChat({ id: chatId, messages: [question], transport, resume: true });
  const answer = messages.at(-1);
  const text = answer.role === "assistant" ? answer.parts.map((part) => part.text ?? "").join("") : "";
  useEffect(() => {
    if (error) settle.reject(error);
    if (text.length !== expected.length) return;
    if (text === expected) settle.resolve(performance.now());
    else settle.reject(new Error("the answer on the screen is not the agent's"));
  }, [text, error]);
  return <Text>{text}</Text>;
}

createRoot(document.getElementById("root")).render(<Chat />);
