import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Chat } from "./Chat";

const chatId = location.hash.slice(1);
const root = document.getElementById("root");
if (root) createRoot(root).render(<StrictMode><Chat id={chatId} /></StrictMode>);
