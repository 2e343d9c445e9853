// No StrictMode: its rehearsal unmount makes `useChat` abort the stream that it has just resumed.
import { createRoot } from "react-dom/client";
import { App } from "./App";
import "./styles/index.css";

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
