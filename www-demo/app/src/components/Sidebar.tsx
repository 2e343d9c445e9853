import type { ChatSummary } from "../demoServer";
import { ChatListItem } from "./ChatListItem";
import { Icon } from "./Icon";

type Props = {
  chats: ChatSummary[];
  current: string;
  busy: readonly string[];
  onSelect: (chatId: string) => void;
  /** Absent where the chat's own header offers it. */
  onNew: (() => void) | undefined;
  onDelete: (chatId: string) => void;
};

export function Sidebar({ chats, current, busy, onSelect, onNew, onDelete }: Props) {
  return (
    <aside className="sidebar">
      <div className="brand">
        <img src="/favicon.svg" alt="" width="28" height="28" />
        <div>
          <strong>trigger-chat-transport</strong>
          <span>Rust under React&rsquo;s useChat</span>
        </div>
      </div>
      {onNew && (
        <button type="button" className="button new-chat" data-testid="new-chat" onClick={onNew}>
          <Icon name="plus" />
          New chat
        </button>
      )}
      <nav aria-label="Chats">
        {chats.length === 0 && <p className="sidebar-empty">Your chats will be listed here.</p>}
        <ul>
          {chats.map((chat) => (
            <ChatListItem
              key={chat.id}
              chat={chat}
              current={chat.id === current}
              busy={busy.includes(chat.id)}
              onSelect={onSelect}
              onDelete={onDelete}
            />
          ))}
        </ul>
      </nav>
    </aside>
  );
}
