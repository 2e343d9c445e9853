import type { ChatStatus, UIMessage } from "ai";
import { useEffect } from "react";
import { useStickToBottom } from "../useStickToBottom";
import { Icon } from "./Icon";
import { Message } from "./Message";
import { Waiting } from "./Waiting";

export function MessageList({ messages, status }: { messages: UIMessage[]; status: ChatStatus }) {
  const { scrollerRef, contentRef, following, follow } = useStickToBottom();
  const busy = status === "submitted" || status === "streaming";
  const last = messages.at(-1);
  const lastUserId = messages.findLast(({ role }) => role === "user")?.id;

  useEffect(follow, [lastUserId, follow]);

  return (
    <div className="scroll-frame">
      <div ref={scrollerRef} className="scroller">
        <div ref={contentRef} className="column messages" role="log" aria-label="Conversation" aria-busy={busy}>
          {messages.map((message) => (
            <Message key={message.id} message={message} live={busy && message === last && message.role === "assistant"} />
          ))}
          {status === "submitted" && <Waiting />}
        </div>
      </div>
      {!following && (
        <button type="button" className="jump" onClick={follow}>
          <Icon name="down" />
          Latest
        </button>
      )}
    </div>
  );
}
