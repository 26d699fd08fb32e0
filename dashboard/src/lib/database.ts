// biome-ignore lint/suspicious/noExplicitAny: replaced by the generated contract as soon as it exists
export type Database = any;
