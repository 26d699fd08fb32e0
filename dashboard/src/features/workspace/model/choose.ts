import type { Environment } from "@/features/workspace/api/environments";

/** The environment that the URL asks for; else production; else the first. */
export function chooseEnvironment(
  environments: readonly Environment[],
  asked: string | null,
): Environment | null {
  return (
    environments.find((environment) => environment.key === asked) ??
    environments.find((environment) => environment.isProduction) ??
    environments[0] ??
    null
  );
}
