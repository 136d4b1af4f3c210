/** Where the API writes what an operator should know. One line a fault, at the boundary. */
export interface ApiLog {
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
}
