import { useCallback, useState } from "react";
import { ChatPage } from "./components/ChatPage";
import { Drawer } from "./components/Drawer";
import { Sidebar } from "./components/Sidebar";
import { deleteChat } from "./demoServer";
import { saveSession } from "./sessions";
import { transport } from "./transport";
import { useChatId } from "./useChatId";
import { useChatList } from "./useChatList";
import { useMediaQuery } from "./useMediaQuery";

export function App() {
  const { chatId, isFresh, openChat, openNewChat } = useChatId();
  const { chats, refresh } = useChatList();
  const [busy, setBusy] = useState<readonly string[]>([]);
  const [drawerOpen, setDrawerOpen] = useState(false);
  const narrow = useMediaQuery("(max-width: 760px)");

  const reportBusy = useCallback((id: string, isBusy: boolean) => {
    setBusy((ids) => (ids.includes(id) === isBusy ? ids : isBusy ? [...ids, id] : ids.filter((each) => each !== id)));
  }, []);

  const select = (id: string) => {
    setDrawerOpen(false);
    openChat(id);
  };
  // Stopping comes first: a stop sent to a deleted session would bring it back to life.
  const remove = async (id: string) => {
    if (busy.includes(id)) await transport.stopGeneration(id);
    if (id === chatId) openNewChat();
    await deleteChat(id).catch(() => undefined);
    saveSession(id, null);
    refresh();
  };

  const sidebar = (
    <Sidebar
      chats={chats}
      current={chatId}
      busy={busy}
      onSelect={select}
      onNew={narrow ? undefined : openNewChat}
      onDelete={remove}
    />
  );

  return (
    <div className="app">
      {narrow ? (
        <Drawer open={drawerOpen} onClose={() => setDrawerOpen(false)}>
          {sidebar}
        </Drawer>
      ) : (
        sidebar
      )}
      {/* `useChat` stops its run when it unmounts, so a chat that is still answering stays mounted, unseen. */}
      {[...new Set([...busy, chatId])].map((id) => (
        <ChatPage
          key={id}
          chatId={id}
          fresh={isFresh(id)}
          visible={id === chatId}
          summary={chats.find((chat) => chat.id === id)}
          onBusyChange={reportBusy}
          onOpenList={narrow ? () => setDrawerOpen(true) : undefined}
          onNew={narrow ? openNewChat : undefined}
        />
      ))}
    </div>
  );
}
