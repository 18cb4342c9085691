/** All commands, in the order of the help. */
import { backfill } from './backfill.ts'
import { callback } from './callback.ts'
import type { Command } from './command.ts'
import { doctor } from './doctor.ts'
import { emulator } from './emulator.ts'
import { migrate } from './migrate.ts'
import { services } from './services.ts'
import { sign } from './sign.ts'
import { status } from './status.ts'
import { submit } from './submit.ts'
import { token } from './token.ts'
import { verifyBusiness } from './verify-business.ts'
import { verifyId } from './verify-id.ts'
import { wait } from './wait.ts'

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
