/** All commands, in the order of the help. */
import type { Command } from './command.ts'
import { backfill } from './commands/backfill.ts'
import { callback } from './commands/callback.ts'
import { doctor } from './commands/doctor.ts'
import { emulator } from './commands/emulator.ts'
import { migrate } from './commands/migrate.ts'
import { services } from './commands/services.ts'
import { sign } from './commands/sign.ts'
import { status } from './commands/status.ts'
import { submit } from './commands/submit.ts'
import { token } from './commands/token.ts'
import { verifyBusiness } from './commands/verify-business.ts'
import { verifyId } from './commands/verify-id.ts'
import { wait } from './commands/wait.ts'

export const COMMANDS: Readonly<Record<string, Command>> = {
  backfill,
  'verify-id': verifyId,
  'verify-business': verifyBusiness,
  submit,
  status,
  wait,
  services,
  sign,
  callback,
  token,
  emulator,
  doctor,
  migrate,
}
