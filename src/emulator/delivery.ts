/** Delivery of callbacks, of either generation: repeated on a schedule until the answer is 2xx. */
import type { Clock } from './clock.ts'
import type { ActiveFaults, Faults } from './faults.ts'

interface DeliverySetup {
  clock: Clock
  faults: Faults
  /** Takes the callbacks; where nothing does, they are kept in `undelivered`. */
  deliver: ((request: Request) => Promise<Response>) | undefined
  undelivered: Request[]
}

interface Parcel {
  /** Milliseconds before each repeat. */
  retriesMs: readonly number[]
  /** Made and signed anew for each try. */
  make(faults: ActiveFaults): Promise<Request>
}

/** Delivers one callback, or as many as a fault wants. */
export type Deliver = (parcel: Parcel) => Promise<void>

export function createDelivery({ clock, faults, deliver, undelivered }: DeliverySetup): Deliver {
  async function attempt(parcel: Parcel, active: ActiveFaults, tries: number): Promise<void> {
    const request = await parcel.make(active)
    if (!deliver) {
      undelivered.push(request)
      return
    }
    const isTaken = await deliver(request).then(
      (response) => response.ok,
      () => false,
    )
    const delay = parcel.retriesMs[tries]
    if (isTaken || delay === undefined) return
    clock.at(clock.now() + delay, () => attempt(parcel, active, tries + 1))
  }

  return async (parcel) => {
    const active = faults.take('callback')
    const { delayMs = 0, copies = 1 } = active.callback ?? {}
    for (let copy = 0; copy < copies; copy++) {
      if (delayMs) clock.at(clock.now() + delayMs, () => attempt(parcel, active, 0))
      else await attempt(parcel, active, 0)
    }
  }
}
