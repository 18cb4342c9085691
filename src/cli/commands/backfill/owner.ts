/** Who a run is for; a dry run does not have to know. */
import type { Client, Environment } from '../../../client.ts'
import {
  clientFromSettings,
  openBillingClient,
  openClient,
  type OpenOptions,
  readSettings,
  type Settings,
} from '../../settings.ts'
import type { Io } from '../../io.ts'
import type { BackfillValues } from './flags.ts'

export interface Owner {
  /** Absent for a dry run without credentials: it sends nothing. */
  client: Client | undefined
  environment: Environment | undefined
  partnerId: string | undefined
}

/** @throws {SmileIdInputError} `invalid_input`: settings are missing that are needed, or are wrong. */
export async function findOwner(values: BackfillValues, io: Io, options: OpenOptions): Promise<Owner> {
  if (!values['dry-run']) return ownerOf(await openBillingClient(values, io, options))
  const settings = await readSettings(values, io)
  if (NEEDED.every((name) => settings[name])) return ownerOf(await openClient(values, io, options))
  // What is set has to be right all the same: the run itself would need it.
  const given = Object.entries(settings).filter(([, value]) => value !== undefined)
  clientFromSettings({ ...STAND_INS, ...Object.fromEntries(given) }, values, io)
  return {
    client: undefined,
    environment: settings.SMILE_ID_ENVIRONMENT as Environment | undefined,
    partnerId: settings.SMILE_ID_PARTNER_ID,
  }
}

const NEEDED = ['SMILE_ID_PARTNER_ID', 'SMILE_ID_API_KEY', 'SMILE_ID_ENVIRONMENT']

/** For what is not set, in a client that is looked at and never used. */
const STAND_INS: Settings = {
  SMILE_ID_PARTNER_ID: '000',
  SMILE_ID_API_KEY: 'none',
  SMILE_ID_ENVIRONMENT: 'sandbox',
}

function ownerOf(client: Client): Owner {
  const { environment, partnerId } = client
  return { client, environment, partnerId }
}
