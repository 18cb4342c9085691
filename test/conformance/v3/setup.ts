/** What tests of v3's jobs and callbacks begin with. */
import type { ClientOptions } from 'smileid-edge/client'
import type { EmulatorOptions } from 'smileid-edge/emulator'
import type { EnhancedKyc } from 'smileid-edge/v3/enhanced-kyc'
import { submitEnhancedKyc } from 'smileid-edge/v3/enhanced-kyc'
import { start } from '../../support/emulated'

export const URL = 'https://app.example/v3/callback'

/** The sandbox's person for whom all goes well. */
export const CLEARWATER: EnhancedKyc = {
  country: 'NG',
  id_type: 'NIN_V2',
  id_number: '00000000000',
  user_details: {
    given_names: 'Amina Fatou',
    last_name: 'Clearwater',
    email: 'amina.clearwater@example.com',
  },
  consent: {
    granted: true,
    granted_at: '2025-12-31T08:00:00.000Z',
    notice_language: 'EN',
    notice_privacy_policy_url: 'https://shop.example/privacy',
  },
  callback_url: URL,
}

let partners = 0

/** An emulator, a client of a partner of its own (tokens are kept by partner), and a job that has ended. */
export async function startJob(options: EmulatorOptions = {}, more: Partial<ClientOptions> = {}) {
  const partnerId = `0${8_000 + partners++}`
  const started = start({ partners: [{ partnerId, apiKey: 'v3-demo-key-alpha' }], ...options }, more)
  const job = await submitEnhancedKyc(started.client, { ...CLEARWATER, user_id: 'shop-42' })
  return { ...started, job, partnerId }
}
