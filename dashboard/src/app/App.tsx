import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { RouterProvider } from "react-router/dom";
import { createRouter } from "@/app/router";
import { cssVariables, theme } from "@/app/theme";
import { SessionProvider } from "@/features/session/api/session";
import type { AppConfig } from "@/lib/config";
import { LiveHub } from "@/lib/liveHub";
import { createQueryClient } from "@/lib/queryClient";
import { ServicesProvider } from "@/lib/services";
import { createUpshotClient } from "@/lib/supabase";

function compose(config: AppConfig) {
  const supabase = createUpshotClient(config);
  const live = new LiveHub(supabase);
  const signOut = () => void supabase.auth.signOut({ scope: "local" });
  return {
    services: { supabase, live },
    queryClient: createQueryClient(live, signOut),
    router: createRouter(),
  };
}

export function App({ config }: { config: AppConfig }) {
  const [{ services, queryClient, router }] = useState(() => compose(config));
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <Notifications position="bottom-right" />
      <ServicesProvider services={services}>
        <QueryClientProvider client={queryClient}>
          <SessionProvider>
            <RouterProvider router={router} />
          </SessionProvider>
        </QueryClientProvider>
      </ServicesProvider>
    </MantineProvider>
  );
}
