import { MantineProvider } from "@mantine/core";
import { Message } from "@/app/Message";
import { cssVariables, theme } from "@/app/theme";

/** Shown when the app does not know its Supabase project: says what to set, and where. */
export function NoConfig({ error }: { error: unknown }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <Message title="This dashboard does not know its Supabase project.">
        <p>{error instanceof Error ? error.message : String(error)}</p>
        <p>
          Set VITE_SUPABASE_URL and VITE_SUPABASE_PUBLISHABLE_KEY when it is built, or serve a /config.json
          beside it with supabase_url and supabase_publishable_key.
        </p>
      </Message>
    </MantineProvider>
  );
}
