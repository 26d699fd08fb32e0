import "@fontsource-variable/inter/index.css";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@/app/tokens.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "@/app/App";
import { NoConfig } from "@/app/NoConfig";
import { loadConfig } from "@/lib/config";

const element = document.getElementById("root");
if (!element) throw new Error("index.html has no element with the id root.");
const root = createRoot(element);

loadConfig(import.meta.env)
  .then((config) => <App config={config} />)
  .catch((error: unknown) => <NoConfig error={error} />)
  .then((app) => root.render(<StrictMode>{app}</StrictMode>));
