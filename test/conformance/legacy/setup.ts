/** What tests of sec_key begin with. */
import { createClient } from 'smileid-edge/client'
import { secKeyAuth } from 'smileid-edge/legacy'
import vectors from '../../vectors/sec-key.json'

export type KeyName = keyof typeof vectors.keys

export const client = (partnerId: string, apiKey: string | [string, ...string[]], more: object = {}) =>
  createClient({
    partnerId,
    apiKey,
    environment: 'sandbox',
    auth: secKeyAuth(),
    dangerouslyAllowBrowser: true,
    ...more,
  })

export const hashOf = (sec_key: string) => sec_key.split('|')[1]
