import type { ChatSummary } from "../demoServer";
import { useOpenedChat } from "../useOpenedChat";
import { ChatHeader } from "./ChatHeader";
import { Conversation } from "./Conversation";
import { ErrorNotice } from "./ErrorNotice";

export type ChatPageProps = {
  chatId: string;
  fresh: boolean;
  visible: boolean;
  summary: ChatSummary | undefined;
  onBusyChange: (chatId: string, busy: boolean) => void;
  onOpenList: (() => void) | undefined;
  onNew: (() => void) | undefined;
};

/** Loads one chat, then hands it to `useChat`, which reads its initial messages only once. */
export function ChatPage({ fresh, ...props }: ChatPageProps) {
  const opening = useOpenedChat(props.chatId, fresh);

  if (opening.state === "open") return <Conversation {...props} opened={opening.chat} />;
  if (!props.visible) return null;
  return (
    <main className="conversation" aria-busy={opening.state === "opening"}>
      <ChatHeader title={props.summary?.title ?? ""} onOpenList={props.onOpenList} onNew={props.onNew} />
      {opening.state === "failed" && (
        <div className="column">
          <ErrorNotice error={opening.error} onRetry={opening.retry} />
        </div>
      )}
    </main>
  );
}
