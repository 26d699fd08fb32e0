/** The database's public face, as the CLI generates it from the live schema. */
export type { Database } from "@contract/database.types";
