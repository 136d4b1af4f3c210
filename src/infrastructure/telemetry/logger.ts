import winston from 'winston';

/** The log as every part uses it: a message and what it concerns. One line of JSON each, on stderr. */
export type Logger = Pick<winston.Logger, 'error' | 'warn' | 'info' | 'debug'>;

/** Makes the process's log. Errors are written with their stack and their causes. */
export function createLogger(level: string): winston.Logger {
  return winston.createLogger({
    level,
    format: winston.format.combine(winston.format.timestamp(), unfoldErrors(), winston.format.json({ bigint: true })),
    transports: [new winston.transports.Console({ stderrLevels: ['error', 'warn', 'info', 'debug'] })],
  });
}

const unfoldErrors = winston.format((entry) => {
  for (const [key, value] of Object.entries(entry)) {
    if (value instanceof Error) entry[key] = unfold(value);
  }
  return entry;
});

function unfold(error: Error): Record<string, unknown> {
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    ...(error.cause instanceof Error ? { cause: unfold(error.cause) } : {}),
  };
}
