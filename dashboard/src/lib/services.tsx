import { createContext, type ReactNode, useContext } from "react";
import type { LiveHub } from "@/lib/liveHub";
import type { UpshotClient } from "@/lib/supabase";

export interface Services {
  supabase: UpshotClient;
  live: LiveHub;
}

const ServicesContext = createContext<Services | null>(null);

export function ServicesProvider({ services, children }: { services: Services; children: ReactNode }) {
  return <ServicesContext.Provider value={services}>{children}</ServicesContext.Provider>;
}

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error("useServices needs a ServicesProvider above it.");
  return services;
}

export const useSupabase = (): UpshotClient => useServices().supabase;
