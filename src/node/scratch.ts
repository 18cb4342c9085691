/** Memory that is used for one file after the other. */

export interface ScratchLoan {
  bytes: Uint8Array<ArrayBuffer>
  giveBack(): void
}

let scratch: Buffer<ArrayBuffer> | undefined
let borrowers = 0
let lastReturn: Promise<void> = Promise.resolve()

/** Waits until those before have given it back. What nobody waits for is not kept. */
export async function borrowScratch(size: number): Promise<ScratchLoan & { bytes: Buffer<ArrayBuffer> }> {
  const before = lastReturn
  let giveBack!: () => void
  lastReturn = new Promise((resolve) => {
    giveBack = resolve
  })
  borrowers++
  await before
  if (!scratch || scratch.length < size) scratch = Buffer.allocUnsafeSlow(size)
  return {
    bytes: scratch.subarray(0, size),
    giveBack() {
      borrowers--
      if (borrowers === 0) scratch = undefined
      giveBack()
    },
  }
}
