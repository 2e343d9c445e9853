import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const sessionServer = "http://127.0.0.1:4100";

export default defineConfig({
  plugins: [react()],
  build: {
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: "react", test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ }] },
      },
    },
  },
  server: {
    proxy: {
      "/api": sessionServer,
      "/realtime": sessionServer,
      "/demo": sessionServer,
      "/faults": sessionServer,
    },
  },
});
