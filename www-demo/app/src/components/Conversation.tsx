import { useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { focusUnlessTouch } from "../focus";
import { blankIn, titleOf } from "../message";
import type { OpenedChat } from "../openChat";
import { transport } from "../transport";
import { useConversation } from "../useConversation";
import { ApprovalContext } from "./ApprovalContext";
import { ChatHeader } from "./ChatHeader";
import type { ChatPageProps } from "./ChatPage";
import { Composer } from "./Composer";
import { ConnectionBadge } from "./ConnectionBadge";
import { ConnectionMenu } from "./ConnectionMenu";
import { EmptyChat } from "./EmptyChat";
import { ErrorNotice } from "./ErrorNotice";
import { Icon } from "./Icon";
import { MessageList } from "./MessageList";
import { PendingList } from "./PendingList";
import { StatusBadge } from "./StatusBadge";

type Props = Omit<ChatPageProps, "fresh"> & { opened: OpenedChat };

export function Conversation({ chatId, opened, visible, summary, onBusyChange, onOpenList, onNew }: Props) {
  const { messages, status, busy, error, isReadOnly, pending, ...conversation } = useConversation(chatId, opened);
  const { activity, connection, undo, answerApproval, stop, retry } = conversation;
  const [draft, setDraft] = useState("");
  const input = useRef<HTMLTextAreaElement>(null);
  const closed = transport.sessionStatus(chatId) === "closed" || summary?.closed === true;
  const title = titleOf(messages) || "New chat";

  useEffect(() => {
    onBusyChange(chatId, busy);
  }, [chatId, busy, onBusyChange]);
  useEffect(() => () => onBusyChange(chatId, false), [chatId, onBusyChange]);
  useEffect(() => {
    if (visible) document.title = title;
  }, [visible, title]);

  const pick = (phrase: string) => {
    const at = blankIn(phrase);
    if (at < 0) return pending.steer(phrase);
    flushSync(() => setDraft(phrase));
    input.current?.focus();
    input.current?.setSelectionRange(at, at + 1);
  };
  const decide = (approvalId: string, approved: boolean) => {
    focusUnlessTouch(input.current);
    answerApproval(approvalId, approved);
  };

  if (!visible) return null;
  return (
    <main className="conversation">
      <ChatHeader title={title} onOpenList={onOpenList} onNew={onNew}>
        <ConnectionBadge connection={connection} />
        {!busy && !isReadOnly && !closed && messages.length > 0 && (
          <button type="button" className="icon-button" aria-label="Undo" title="Undo" data-testid="undo" onClick={undo}>
            <Icon name="undo" />
          </button>
        )}
        <StatusBadge status={status} activity={activity} />
        <ConnectionMenu chatId={chatId} activity={activity} />
      </ChatHeader>
      {messages.length === 0 && !busy ? (
        <EmptyChat onPick={pick} />
      ) : (
        <ApprovalContext value={decide}>
          <MessageList messages={messages} status={status} />
        </ApprovalContext>
      )}
      <div className="dock">
        <div className="dock-inner">
          <div className="column">
            {error && <ErrorNotice error={error} onRetry={retry} />}
            <PendingList {...pending} />
            {closed && <p className="closed-notice">This chat is closed. It can be read, but not continued.</p>}
            {isReadOnly && !closed && (
              <p className="closed-notice" data-testid="read-only">
                This chat is being answered in another tab, which you see here.
              </p>
            )}
            {!closed && !isReadOnly && (
              <Composer
                input={input}
                draft={draft}
                busy={busy}
                onDraft={setDraft}
                onSend={pending.steer}
                onQueue={pending.queue}
                onStop={stop}
              />
            )}
          </div>
        </div>
      </div>
    </main>
  );
}
