/** Types of chromium.mjs. */
export const chromiumPath: string | undefined
export const NO_CHROMIUM: string
export const CHROMIUM_FLAGS: string[]
