/** Partners as v3 knows them: by ids without leading zeros. */
import type { EmulatorPartner } from '../partners.ts'

export interface V3Partner {
  /** As configured: `085`. */
  id: string
  /** As v3 has it: `85`. */
  stripped: string
  apiKey: string | undefined
  /** The default of the portal. */
  callbackUrl: string | undefined
}

export function v3Partners(partners: readonly EmulatorPartner[]): V3Partner[] {
  return partners.map(({ partnerId, apiKey, callbackUrl }) => ({
    id: partnerId,
    stripped: partnerId.replace(/^0+(?=.)/, ''),
    apiKey: [apiKey].flat()[0],
    callbackUrl,
  }))
}

/** The partner's id as portals show it. */
export function paddedId({ stripped }: V3Partner): string {
  return stripped.padStart(3, '0')
}
