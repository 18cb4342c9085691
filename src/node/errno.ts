/** The codes of errors that `node:fs` and `process` throw. */

/** The code of an error of the system, such as `ENOENT`. */
export function errnoCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}
