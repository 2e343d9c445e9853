import type { ChatSummary } from "../demoServer";
import { Icon } from "./Icon";

type Props = {
  chat: ChatSummary;
  current: boolean;
  busy: boolean;
  onSelect: (chatId: string) => void;
  onDelete: (chatId: string) => void;
};

export function ChatListItem({ chat, current, busy, onSelect, onDelete }: Props) {
  const title = chat.title || "Untitled chat";
  return (
    <li className="chat-list-item" data-testid="chat-list-item" data-chat-id={chat.id}>
      <button
        type="button"
        className="chat-link"
        aria-current={current ? "page" : undefined}
        onClick={() => onSelect(chat.id)}
      >
        <span className="chat-title">{title}</span>
        {busy && <span className="busy-dot" role="img" aria-label="answering" />}
        {chat.closed && <span className="tag">closed</span>}
      </button>
      <button type="button" className="icon-button chat-delete" aria-label={`Delete “${title}”`} onClick={() => onDelete(chat.id)}>
        <Icon name="trash" />
      </button>
    </li>
  );
}
