import type { ReactNode } from "react";
import { Icon } from "./Icon";

type Props = {
  title: string;
  onOpenList: (() => void) | undefined;
  onNew: (() => void) | undefined;
  children?: ReactNode;
};

export function ChatHeader({ title, onOpenList, onNew, children }: Props) {
  return (
    <header className="chat-header">
      {onOpenList && (
        <button type="button" className="icon-button" aria-label="Open the list of chats" data-testid="open-list" onClick={onOpenList}>
          <Icon name="menu" />
        </button>
      )}
      <h1>{title}</h1>
      {children}
      {onNew && (
        <button type="button" className="icon-button" aria-label="New chat" data-testid="new-chat" onClick={onNew}>
          <Icon name="plus" />
        </button>
      )}
    </header>
  );
}
